import { describe, expect, test } from 'vitest';
import { type Html, html } from '../kit/html.ts';
import { Refusal } from '../kit/refusal.ts';
import { errorPage } from './error-page.ts';
import { type AccountPage, accountLayout, bareLayout, enrolmentLayout } from './layout.ts';
import { mark } from './mark.ts';
import type { Site } from './site.ts';
import type { Visit } from './visit.ts';

const site: Site = {
  brand: 'Acme & Co',
  baseUrl: 'https://id.example.org',
  supportEmail: 'help@example.org',
  privacyUrl: 'https://example.org/privacy',
  termsUrl: null,
  localMode: false,
  keepsTexts: false,
  signUpOpen: false,
  logo: mark(),
  asset: (name) => `/assets/${name}`,
};

const visit: Visit = {
  peer: '127.0.0.1',
  now: 0,
  host: 'localhost:3000',
  network: '192.0.2.1',
  browser: '',
  requestId: 'r-17',
  locale: 'en',
  nonce: 'n0nce',
  path: '/',
  cookies: {},
  wantsJson: false,
  authorization: undefined,
  acceptEncoding: '',
};

const person = { name: 'Ann <Lee>', email: 'ann@example.org', roles: 'member' };
const page: AccountPage = { title: 'Security', body: html`<p>Body</p>`, current: 'security', person };

const everyLayout: [string, Html][] = [
  ['bare', bareLayout(site, visit, page)],
  ['account', accountLayout(site, visit, page)],
  ['enrolment', enrolmentLayout(site, visit, page)],
];

describe.each(everyLayout)('the %s layout', (_name, { text }) => {
  test('is a whole page with a title, a language and one heading', () => {
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(text).toContain('<title>Security · Acme &amp; Co</title>');
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text).toContain('<a class="skip" href="#main">');
    expect(text.match(/<main id="main">/g)).toHaveLength(1);
  });

  test('runs scripts with its nonce only, and has no inline style (R77)', () => {
    for (const [script] of text.matchAll(/<script[^>]*>/g)) expect(script).toContain('nonce="n0nce"');
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|<script>/);
  });

  test('leads to help, privacy and support, and not to terms that there are not', () => {
    expect(text).toContain('<a href="/help">');
    expect(text).toContain('href="https://example.org/privacy"');
    expect(text).toContain('href="mailto:help@example.org"');
    expect(text).not.toContain('Terms');
    expect(text).not.toContain('/mailbox');
  });
});

test('the account layout leads everywhere and says where one is, who one is and how to leave', () => {
  const { text } = accountLayout(site, visit, page);
  const paths = ['', '/email', '/password', '/security', '/sessions', '/activity'];
  for (const path of paths) expect(text).toContain(`<a href="/account${path}"`);
  expect(text.match(/aria-current/g)).toHaveLength(1);
  expect(text).toContain('<a href="/account/security" aria-current="page">');
  expect(text).toContain('Ann &lt;Lee&gt;');
  expect(text).toContain('<form method="post" action="/sign-out">');
  expect(accountLayout(site, visit, { ...page, current: 'none' }).text).not.toContain('aria-current');
});

test('someone who may only enrol has nowhere to go but out', () => {
  const { text } = enrolmentLayout(site, visit, page);
  expect(text).not.toContain('<nav');
  expect(text).not.toContain('href="/account');
  expect(text).toContain('action="/sign-out"');
});

test('the mailbox is linked in local mode', () => {
  const { text } = bareLayout({ ...site, localMode: true }, visit, page);
  expect(text).toContain('<a href="/mailbox">Mailbox</a>');
  expect(text).toContain('Local mode');
});

test('local mode says that text messages are sent where a gateway is set', () => {
  const says = (keepsTexts: boolean) =>
    bareLayout({ ...site, localMode: true, keepsTexts }, visit, page).text;
  expect(says(true)).toContain('mails and text messages stay in the mailbox');
  expect(says(false)).toContain('Text messages are sent.');
});

test('a page speaks the language of its visit', () => {
  const { text } = accountLayout(site, { ...visit, locale: 'es' }, page);
  expect(text).toContain('<html lang="es">');
  expect(text).toContain('Cerrar sesión');
});

describe('the page for an error', () => {
  test('says what happened and where to go', () => {
    const { text } = errorPage(site, visit, { status: 404, refusal: new Refusal('not_found') });
    expect(text).toContain('<h1>There is nothing here</h1>');
    expect(text).toContain('There is no such page, or it is not yours.');
    expect(text).toContain('href="/"');
    expect(text).not.toContain('r-17');
  });

  test('tells of a fault its number and the support address', () => {
    const { text } = errorPage(site, visit, { status: 500, refusal: null });
    expect(text).toContain('r-17');
    expect(text).toContain('If this keeps happening, write to <a href="mailto:help@example.org">');
  });

  test('does not promise that a closed account opens by itself', () => {
    const { text } = errorPage(site, visit, { status: 429, refusal: new Refusal('codes_closed') });
    expect(text).toContain('Too many tries');
  });

  test('knows a dead link by its code', () => {
    const { text } = errorPage(site, visit, { status: 422, refusal: new Refusal('link_invalid') });
    expect(text).toContain('This link can’t be used');
  });
});
