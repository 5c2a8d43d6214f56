import type { Browser, BrowserContext, Page } from 'playwright-core';
import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import type { Locale } from '../../src/words/locale.ts';
import { prepareAxe } from '../kit/chromium.ts';
import type { HttpClient } from '../kit/http-client.ts';
import { type Enrolled, readEnrolment } from '../kit/people.ts';
import type { ServerProcess } from '../kit/server-process.ts';
import { inspect } from './inspect.ts';

/** The markup is the same in every language: looked through in one. */
const hasAxe = (locale: Locale) => locale === 'en';

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** A walk through the product in one language, which looks at every page that it comes to. */
export class Tour {
  readonly server: ServerProcess;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly locale: Locale;
  /** What was wrong on the pages so far. */
  readonly faults: string[] = [];

  private constructor(server: ServerProcess, context: BrowserContext, page: Page, locale: Locale) {
    this.server = server;
    this.context = context;
    this.page = page;
    this.locale = locale;
    page.on('pageerror', (error) => this.faults.push(`${page.url()}: ${error.message}`));
    page.on('console', (line) => {
      // That a mistake answers 4xx is as it should be; a missing file of the page would name another address.
      const expected = /status of 4\d\d/.test(line.text()) && line.location().url === page.url();
      if (line.type() === 'error' && !expected) this.faults.push(`${page.url()}: ${line.text()}`);
    });
  }

  static async begin(server: ServerProcess, browser: Browser, locale: Locale): Promise<Tour> {
    const context = await browser.newContext({
      locale: { en: 'en-GB', es: 'es-ES' }[locale],
      viewport: { width: 1280, height: 900 },
      // The 120 ms of a fade would be looked at in the middle.
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(30_000);
    if (hasAxe(locale)) await prepareAxe(context);
    return new Tour(server, context, await context.newPage(), locale);
  }

  /** Nobody: what a newcomer sees. */
  async leave(): Promise<void> {
    await this.context.clearCookies();
  }

  /** From here on the browser is where that client is. */
  async become({ cookies }: HttpClient): Promise<void> {
    await this.leave();
    await this.context.addCookies(
      [...cookies].map(([name, value]) => ({ name, value, url: this.server.url, httpOnly: true })),
    );
  }

  /** -> the status */
  async open(path: string): Promise<number> {
    const answer = await this.page.goto(new URL(path, this.server.url).href);
    return answer?.status() ?? 0;
  }

  /** Looks at what is there. */
  async look(name: string): Promise<void> {
    this.faults.push(...(await inspect(this.page, { name, locale: this.locale, axe: hasAxe(this.locale) })));
  }

  async visit(name: string, path: string): Promise<void> {
    await this.open(path);
    await this.look(name);
  }

  /**
   * Fills in the form that posts to this path, past what the browser itself would refuse, and presses its button; of two
   * such forms, the one whose button has that value. In one go: fingers are what second-step.test.ts is about.
   */
  async send(action: string, fields: Readonly<Record<string, string>> = {}, value?: string): Promise<void> {
    const press = `(${fillAndPress})(${JSON.stringify([action, fields, value ?? null])})`;
    await Promise.all([this.page.waitForEvent('load'), this.page.evaluate(press)]);
  }

  /** Sends, and looks at what comes. */
  async sendAndLook(
    name: string,
    action: string,
    fields: Readonly<Record<string, string>> = {},
    value?: string,
  ): Promise<void> {
    await this.send(action, fields, value);
    await this.look(name);
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.leave();
    await this.open('/sign-in');
    await this.send('/sign-in', { email, password });
  }

  /** The key and the recovery codes that stand on the page. */
  async enrolment(): Promise<Enrolled> {
    return readEnrolment(await this.page.content());
  }

  /** The link to that path in the newest mail to this address which has one, as a path on this origin. */
  async mailed(to: string, path: string): Promise<string> {
    const answer = await fetch(`${this.server.url}/mailbox?format=json`);
    for (const mail of (await answer.json()) as Mail[]) {
      const link =
        mail.to === to ? mail.text.split('\n').find((line) => line.includes(`${path}?token=`)) : null;
      if (link) return link.slice(this.server.url.length);
    }
    throw new Error(`no mail to ${to} leads to ${path}`);
  }
}

const fillAndPress = `([action, fields, value]) => {
  const buttons = [...document.querySelectorAll('main form [type="submit"]')];
  const button = buttons.find((one) => one.form.getAttribute('action') === action && (value === null || one.value === value));
  if (!button) throw new Error(location.pathname + ' has no form that posts to ' + action);
  for (const [name, text] of Object.entries(fields)) button.form.elements[name].value = text;
  button.form.noValidate = true;
  // Afterwards, or this very call would end with the page.
  setTimeout(() => button.form.requestSubmit(button));
}`;

/** What an authenticator app shows now. */
export function appCode(secret: string): string {
  return hotp(fromBase32(secret) as Buffer, stepAt(Date.now()));
}
