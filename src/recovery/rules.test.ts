import { expect, test } from 'vitest';
import { decisionFor, type Standing } from './rules.ts';

const standing: Standing = {
  state: 'ready',
  own: false,
  proposedBy: null,
  administrator: 'a',
  alone: false,
};

test.each([
  ['nobody has proposed it', {}, { may: 'propose' }],
  ['already while it waits', { state: 'waiting' }, { may: 'propose' }],
  ['another one proposed it', { proposedBy: 'b' }, { may: 'countersign', waiting: false }],
  ['too early', { proposedBy: 'b', state: 'waiting' }, { may: 'countersign', waiting: true }],
  ['their own proposal', { proposedBy: 'a' }, { may: 'nothing', why: 'another' }],
  [
    'their own, and nobody else there',
    { proposedBy: 'a', alone: true },
    { may: 'countersign', waiting: false },
  ],
  ['their own request', { own: true }, { may: 'nothing', why: 'own' }],
  ['their own request, proposed', { own: true, proposedBy: 'b' }, { may: 'nothing', why: 'own' }],
  ['cancelled', { state: 'cancelled', proposedBy: 'b' }, { may: 'nothing', why: 'done' }],
  ['given already', { state: 'approved', proposedBy: 'b' }, { may: 'nothing', why: 'done' }],
] as const)('%s', (_name, change, decision) => {
  expect(decisionFor({ ...standing, ...change } as Standing)).toEqual(decision);
});
