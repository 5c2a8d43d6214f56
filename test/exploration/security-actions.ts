import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import { optionsOf } from '../kit/keys.ts';
import { PASSWORD, readEnrolment } from '../kit/people.ts';
import type { Action, Done } from './action.ts';
import { codeOf, type Kind } from './sign-in-actions.ts';
import type { Walker } from './walker.ts';
import {
  type B,
  DRAFT_MAX,
  endProofs,
  isProtected,
  mayEnrol,
  mustHaveFactor,
  type Proof,
  proofOf,
  steppedUp,
  type Who,
} from './world.ts';

/** Short, since its strength is judged again and again. */
const OTHER_PASSWORD = 'Zq7-pW2vXk9%';
export const nextPassword = (password: string) => (password === PASSWORD ? OTHER_PASSWORD : PASSWORD);

const cookiesOf = (walker: Walker, b: B) => ({ ...walker.world.browsers[b].cookies });
const sessionOf = (walker: Walker, b: B) => walker.world.browsers[b].cookies['session'];

/**
 * A change that its session survives, under a new cookie or the old one; everybody else's proofs end. Without the level
 * that it takes nothing is earned: a change is then a complaint of the gate.
 */
function settle(
  walker: Walker,
  b: B,
  before: Readonly<Record<string, string>>,
  who: Who,
  proof: Proof | null,
): Done {
  if (proof) walker.earn(b, before, proof);
  endProofs(walker.world, who, sessionOf(walker, b));
  return { mayChange: who };
}

function factorIdOf(walker: Walker, who: Who, kind: string): string | null {
  const sql = 'select id from factor where account_id = ? and kind = ? order by created_at';
  return (walker.eyes.one(sql, walker.people[who].id, kind)?.['id'] as string | undefined) ?? null;
}

/** Whoever this browser's cookies name, by the walker's knowledge: the target of what it tries without a right to it. */
function ownerOf(walker: Walker, b: B): Who {
  return proofOf(walker.world, b, 'session')?.who ?? proofOf(walker.world, b, 'enrolment')?.who ?? 'ann';
}

function beginApp(b: B): Action {
  return {
    name: `${b} asks for a new app's secret`,
    async do(walker) {
      const { accounts, browsers } = walker.world;
      const may = mayEnrol(walker.world, b);
      const who = ownerOf(walker, b);
      const old = accounts[who].secret === null ? null : factorIdOf(walker, who, 'totp');
      const path = `/account/security/totp${old ? `?replaces=${old}` : ''}`;
      const page = await walker.get(b, path);
      if (page.status !== 200) return {};
      if (may === null) return { complaint: 'a secret was shown to somebody who may not enrol' };
      const { secret, codes } = readEnrolment(page.body);
      const { session, enrolment } = browsers[b].cookies;
      const holder = steppedUp(walker.world, b) ? session : enrolment;
      const known = browsers[b].draft;
      const at = known?.secret === secret ? known.at : walker.world.now;
      browsers[b].draft = { holder: holder as string, secret, codes, at };
      return {};
    },
  };
}

function confirmApp(b: B, right: boolean): Action {
  return {
    name: `${b} confirms the new app ${right ? 'rightly' : 'wrongly'}`,
    async do(walker) {
      const { accounts, browsers, now } = walker.world;
      const { draft } = browsers[b];
      if (!draft) return null;
      const may = mayEnrol(walker.world, b);
      const who = may ?? ownerOf(walker, b);
      const account = accounts[who];
      const old = account.secret === null ? null : factorIdOf(walker, who, 'totp');
      const step = stepAt(now);
      const code = hotp(fromBase32(draft.secret) as Buffer, right ? step : step + 40);
      const before = cookiesOf(walker, b);
      const proof = proofOf(walker.world, b, 'session') ?? proofOf(walker.world, b, 'enrolment');
      const was = factorIdOf(walker, who, 'totp');
      await walker.post(b, '/account/security/totp', { code, ...(old && { replaces: old }) });
      if (factorIdOf(walker, who, 'totp') === was) return {};
      const held = Object.values(before).includes(draft.holder);
      if (!right || may === null || !held || now >= draft.at + DRAFT_MAX || !proof)
        return { complaint: 'an app was switched on without its code, its session or its level' };
      const first = !isProtected(account);
      account.secret = draft.secret;
      account.usedStep = step;
      if (first) account.codes = draft.codes;
      browsers[b].draft = null;
      return switchedOn(walker, b, before, who, { proof, first });
    },
  };
}

/** The first factor ends every other sign-in, and proves itself; one more ends what was half-way. */
function switchedOn(
  walker: Walker,
  b: B,
  before: Readonly<Record<string, string>>,
  who: Who,
  { proof, first }: { proof: Proof; first: boolean },
): Done {
  if (first) return settle(walker, b, before, who, { ...proof, factor: walker.world.now });
  walker.earn(b, before, proof);
  walker.world.accounts[who].epoch++;
  return { mayChange: who };
}

function addKey(b: B): Action {
  return {
    name: `${b} adds a key`,
    async do(walker) {
      const may = mayEnrol(walker.world, b);
      const who = may ?? ownerOf(walker, b);
      const account = walker.world.accounts[who];
      if (account.key) return null;
      const page = await walker.get(b, '/account/security/keys');
      if (page.status !== 200) return {};
      if (may === null) return { complaint: 'the page for a key was shown to somebody who may not enrol' };
      const key = walker.keys[who];
      const recovery = readCodes(page.body);
      key.counter = account.keyCounter + 1;
      const credential = key.create(optionsOf(page as never, '/account/security/keys'));
      const before = cookiesOf(walker, b);
      const proof = proofOf(walker.world, b, 'session') ?? proofOf(walker.world, b, 'enrolment');
      const reply = await walker.post(b, '/account/security/keys', { credential, label: 'Key' });
      if (reply.status !== 303 || reply.location !== '/account/security' || !proof) return {};
      const first = !isProtected(account);
      Object.assign(account, { key: true, keyCounter: key.counter });
      if (first) account.codes = recovery;
      return switchedOn(walker, b, before, who, { proof, first });
    },
  };
}

const readCodes = (body: string) =>
  body.match(/[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}/g)?.slice(0, 10) ?? [];

function remove(b: B, kind: 'totp' | 'webauthn'): Action {
  return {
    name: `${b} removes the ${kind} factor`,
    async do(walker) {
      const may = steppedUp(walker.world, b);
      const who = may ?? ownerOf(walker, b);
      const id = factorIdOf(walker, who, kind);
      if (id === null) return null;
      const before = cookiesOf(walker, b);
      const proof = proofOf(walker.world, b, 'session');
      await walker.post(b, `/account/security/factors/${id}/remove`);
      if (factorIdOf(walker, who, kind) !== null || may === null) return {};
      const account = walker.world.accounts[who];
      if (kind === 'totp') Object.assign(account, { secret: null, usedStep: 0 });
      else account.key = false;
      return settle(walker, b, before, who, proof);
    },
  };
}

function disable(b: B, right: boolean): Action {
  return {
    name: `${b} switches 2FA off with ${right ? 'the' : 'a wrong'} password`,
    async do(walker) {
      const may = steppedUp(walker.world, b);
      const account = walker.world.accounts[may ?? ownerOf(walker, b)];
      const before = cookiesOf(walker, b);
      const proof = proofOf(walker.world, b, 'session');
      const password = right ? account.password : 'not-the-password-77';
      const reply = await walker.post(b, '/account/security/disable', { password });
      const done = reply.status === 303 && reply.location === '/account/security';
      if (!done || may === null || !right || mustHaveFactor(may) || !isProtected(account)) return {};
      forgetFactors(walker, may);
      // Nothing but the password is asked from now on, and it was typed just now.
      return settle(walker, b, before, may, proof && { ...proof, password: walker.world.now });
    },
  };
}

export function forgetFactors(walker: Walker, who: Who): void {
  const account = walker.world.accounts[who];
  Object.assign(account, { secret: null, usedStep: 0, codes: [], key: false });
}

function newCodes(b: B): Action {
  return {
    name: `${b} makes new recovery codes`,
    async do(walker) {
      const may = steppedUp(walker.world, b);
      const page = await walker.get(b, '/account/security/recovery-codes');
      const codes = page.status === 200 ? readCodes(page.body) : [];
      if (codes.length > 0 && may === null) return { complaint: 'codes were shown without a step-up' };
      const reply = await walker.post(b, '/account/security/recovery-codes');
      if (may === null || reply.location !== '/account/security' || codes.length === 0) return {};
      const account = walker.world.accounts[may];
      account.codes = codes;
      return { mayChange: may };
    },
  };
}

function changePassword(b: B): Action {
  return {
    name: `${b} changes the password`,
    async do(walker) {
      const may = steppedUp(walker.world, b);
      const account = walker.world.accounts[may ?? ownerOf(walker, b)];
      const next = nextPassword(account.password);
      const fields = { current_password: account.password, new_password: next };
      const before = cookiesOf(walker, b);
      const proof = proofOf(walker.world, b, 'session');
      const reply = await walker.post(b, '/account/password', fields);
      if (may === null || reply.status !== 303 || reply.location.startsWith('/confirm')) return {};
      account.password = next;
      return settle(walker, b, before, may, proof);
    },
  };
}

function confirmPassword(b: B, right: boolean): Action {
  return {
    name: `${b} confirms with ${right ? 'the' : 'a wrong'} password`,
    async do(walker) {
      const proof = proofOf(walker.world, b, 'session');
      const { accounts, browsers, now } = walker.world;
      const account = accounts[proof?.who ?? 'ann'];
      const before = cookiesOf(walker, b);
      const password = right ? account.password : 'not-the-password-77';
      const reply = await walker.post(b, '/confirm', { password });
      if (!right || !proof || reply.status !== 303) return {};
      if (isProtected(account)) browsers[b].confirmed[before['session'] ?? ''] = now;
      else walker.earn(b, before, { ...proof, password: now });
      return {};
    },
  };
}

function confirmFactor(b: B, kind: Kind): Action {
  return {
    name: `${b} confirms with a ${kind} app code`,
    async do(walker) {
      const proof = proofOf(walker.world, b, 'session');
      const who = proof?.who ?? 'ann';
      const made = codeOf(walker, who, kind);
      if (!made) return null;
      const account = walker.world.accounts[who];
      const before = cookiesOf(walker, b);
      const password = walker.world.browsers[b].confirmed[before['session'] ?? ''];
      await walker.post(b, '/confirm/factor/totp', { code: made.code });
      const { now } = walker.world;
      const raised = sessionOf(walker, b) !== before['session'];
      const valid = kind === 'right' && made.step > account.usedStep;
      if (!proof || password === undefined || !valid || !raised) return {};
      walker.earn(b, before, { who, password, factor: now });
      account.usedStep = made.step;
      return {};
    },
  };
}

export function securityActions(b: B): Action[] {
  return [
    beginApp(b),
    confirmApp(b, true),
    confirmApp(b, false),
    remove(b, 'totp'),
    disable(b, true),
    disable(b, false),
    newCodes(b),
    changePassword(b),
    confirmPassword(b, true),
    confirmPassword(b, false),
    confirmFactor(b, 'right'),
    confirmFactor(b, 'wrong'),
    confirmFactor(b, 'replayed'),
  ];
}

export function keyCareActions(b: B): Action[] {
  return [addKey(b), remove(b, 'webauthn')];
}
