import { z } from 'zod';
import type { Deps } from '../../src/deps.ts';
import type { Room } from '../../src/factors/all.ts';
import { findChallenge, putChallenge, takeChallenge } from '../../src/factors/challenge.ts';
import type { Asked, FactorRow } from '../../src/factors/factor.ts';
import { newCodes } from '../../src/factors/recovery-codes/rules.ts';
import { hashCodes } from '../../src/factors/recovery-codes/store.ts';
import { switchOn } from '../../src/factors/switch-on.ts';
import { html } from '../../src/kit/html.ts';
import { newId } from '../../src/kit/random.ts';
import type { Levels } from '../../src/sessions/require.ts';
import { page, seeOther } from '../../src/web/answer.ts';
import { field, form } from '../../src/web/fields.ts';
import { textField } from '../../src/web/input.ts';
import { accountLayout } from '../../src/web/layout.ts';
import { type Route, route } from '../../src/web/route.ts';
import type { Site } from '../../src/web/site.ts';

// A factor for tests alone: a secret word, and a number that the page asks for with it. It shows what a new factor
// takes: this file, and a line in the list.

const KIND = 'word';
const owner = ({ account, holderId, purpose }: Asked) => ({ accountId: account.id, holderId, purpose });
const wordsOf = (factors: readonly FactorRow[]) => factors.filter(({ kind }) => kind === KIND);
const open = ({ seal }: Deps, row: FactorRow) =>
  seal.open('enrolment', `${row.account_id}/${row.id}`, row.sealed_data ?? '');

export const wordRoom: Room = {
  method: {
    kind: KIND,
    strength: 2,
    typed: false,
    timed: false,
    field: 'code',
    linkText: () => 'Say the word',
    async prompt(deps, asked, _visit, wrong) {
      const number = String(deps.random.bytes(1)[0]);
      await deps.database.transaction((tx) => putChallenge(tx, deps, owner(asked), KIND, { number }, 60_000));
      const hint = `The word, then ${number}`;
      return {
        path: KIND,
        title: 'Say the word',
        button: 'Say it',
        fields: html`${field({ name: 'code', label: 'The word', hint, error: wrong?.sentence ?? null })}`,
      };
    },
    async check(deps, asked, visit, answer) {
      const challenge = await findChallenge(deps, owner(asked), KIND);
      const right = wordsOf(asked.factors).find(
        (row) => challenge !== null && answer === open(deps, row) + challenge.data['number'],
      );
      if (!challenge || !right) return { kind: 'rejected' };
      return {
        kind: 'accepted',
        factor: right,
        amr: ['kba'],
        claim: (tx) => takeChallenge(tx, challenge.id, visit.now),
      };
    },
  },
  care: {
    kind: KIND,
    sealedFor: 'enrolment',
    icon: 'message',
    name: () => 'Secret word',
    counted: (_locale, count) => (count === 1 ? 'a secret word' : `${count} secret words`),
    detail: () => null,
    canBeFirst: () => true,
    adding: () => ({ href: '/account/security/word', text: 'Add a secret word' }),
    replacing: () => '/account/security/word',
    carrier: () => null,
  },
  routes: wordRoutes,
};

function wordRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/account/security/word',
      level: levels.steppedUp,
      handle: async ({ visit, who: { account } }) =>
        page(
          accountLayout(site, visit, {
            title: 'Secret word',
            current: 'security',
            person: account,
            body: form({
              action: '/account/security/word',
              body: field({ name: 'word', label: 'Your word' }),
            }),
          }),
        ),
    }),
    route({
      method: 'POST',
      path: '/account/security/word',
      level: levels.steppedUp,
      body: z.strictObject({ word: textField() }),
      async handle({ visit, who, body }) {
        const { account } = who;
        const id = newId(deps.random);
        const sealed_data = deps.seal.seal('enrolment', `${account.id}/${id}`, body.word);
        const row = {
          id,
          account_id: account.id,
          kind: KIND,
          label: 'My word',
          sealed_data,
          counter: 0,
          created_at: visit.now,
        };
        const first = account.two_factor_at === null;
        const codes = first ? await hashCodes(deps, newCodes(deps.random)) : null;
        const cookies = await deps.database.transaction((tx) =>
          switchOn(tx, deps, visit, { kind: 'session', ...who }, row, { codes, amr: ['kba'] }),
        );
        return seeOther('/account/security', { cookies });
      },
    }),
  ];
}
