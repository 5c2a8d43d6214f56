import { restoreAccount, suspendAccount } from '../../src/accounts/suspend.ts';
import { resetTwoFactor } from '../../src/factors/reset-two-factor.ts';
import type { Action } from './action.ts';
import { judgeSessions } from './gate.ts';
import { forgetFactors, nextPassword } from './security-actions.ts';
import type { Walker } from './walker.ts';
import { type B, endProofs, isProtected, proofOf, type Who } from './world.ts';

const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/** What an app asks, and gets: a code for a session, and one for two factors only where two were proven. */
function authorize(b: B, acr: 'pwd' | 'mfa'): Action {
  return {
    name: `${b} is sent by an app that asks for ${acr}`,
    async do(walker) {
      const query = new URLSearchParams({
        client_id: walker.app.clientId,
        redirect_uri: 'https://app.example.org/callback',
        response_type: 'code',
        scope: 'openid',
        state: 'state-of-the-app',
        nonce: 'nonce-of-the-app',
        code_challenge: CHALLENGE,
        code_challenge_method: 'S256',
        acr_values: acr,
      });
      let reply = await walker.follow(b, `/oidc/authorize?${query}`);
      const action = /action="(\/oidc\/interaction\/[\w-]+)"/.exec(reply.body)?.[1];
      if (action && reply.body.includes('value="allow"')) {
        reply = await walker.post(b, action, { decision: 'allow' });
        if (reply.location.startsWith('/')) reply = await walker.follow(b, reply.location);
      }
      if (!/^https:\/\/app\.example\.org\/callback\?.*\bcode=/.test(reply.location)) return {};
      const proof = proofOf(walker.world, b, 'session');
      if (!proof) return { complaint: 'a code was given to an app for nobody' };
      if (acr === 'mfa' && proof.factor === null)
        return { complaint: 'an app that asked for two factors got a code for one' };
      return {};
    },
  };
}

/** Reads the mail, and is no closer to a session by it. */
function resetPassword(who: Who): Action {
  return {
    name: `${who}'s password is reset by mail`,
    async do(walker) {
      const account = walker.world.accounts[who];
      const { email } = walker.people[who];
      await walker.elsewhere('/forgot-password', { email });
      const path = await walker.house.link(email, '/reset-password').catch(() => null);
      if (path === null) return null;
      const token = new URL(path, 'http://x').searchParams.get('token') ?? '';
      const next = nextPassword(account.password);
      const reply = await walker.elsewhere('/reset-password', { token, password: next });
      if (reply.location !== '/sign-in') return {};
      account.password = next;
      endProofs(walker.world, who, undefined);
      return { mayChange: who };
    },
  };
}

const operator = (walker: Walker) => ({
  place: { now: walker.world.now, network: '', browser: '', requestId: '' },
  actor: 'operator',
});

/** Nobody is in while an account is suspended, nor by its password; restored, everybody starts anew. */
function suspend(who: Who): Action {
  return {
    name: `${who} is suspended, and restored`,
    async do(walker) {
      const { deps } = walker.house.app;
      const { id } = walker.people[who];
      await deps.database.transaction((tx) => suspendAccount(tx, deps, operator(walker), id));
      endProofs(walker.world, who, undefined);
      const complaints = judgeSessions(walker);
      const outcome = await walker.elsewhere('/sign-in', {
        email: walker.people[who].email,
        password: walker.world.accounts[who].password,
      });
      if (outcome.status === 303) complaints.push(`${who} is suspended, and the password led on`);
      await deps.database.transaction((tx) => restoreAccount(tx, deps, operator(walker), id));
      const complaint = complaints.join('; ');
      return { mayChange: who, ...(complaint && { complaint }) };
    },
  };
}

function resetFactors(who: Who): Action {
  return {
    name: `${who}'s factors are reset by the operator`,
    async do(walker) {
      const { deps } = walker.house.app;
      if (!isProtected(walker.world.accounts[who])) return null;
      const reset = { id: walker.people[who].id, reason: 'Lost phone.', doneBy: 'operator' };
      await deps.database.transaction((tx) => resetTwoFactor(tx, deps, operator(walker), reset));
      forgetFactors(walker, who);
      endProofs(walker.world, who, undefined);
      return { mayChange: who };
    },
  };
}

function wait(minutes: number): Action {
  return {
    name: `${minutes} minutes pass`,
    async do(walker) {
      walker.wait(minutes * 60_000);
      return {};
    },
  };
}

export function outsideActions(browsers: readonly B[], people: readonly Who[]): Action[] {
  return [
    ...browsers.flatMap((b) => [authorize(b, 'pwd'), authorize(b, 'mfa')]),
    ...people.flatMap((who) => [resetPassword(who), suspend(who), resetFactors(who)]),
    // Longer than a step-up, a half sign-in and a draft; then longer than a session.
    wait(61),
    wait(11 * 60),
  ];
}
