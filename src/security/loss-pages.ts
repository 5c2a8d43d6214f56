import { type Outcome, outcomeOf } from '../factors/loss-rules.ts';
import type { Html } from '../kit/html.ts';
import { itemList, section } from '../web/parts.ts';
import type { Visit } from '../web/visit.ts';
import { listOf } from '../words/lists.ts';
import type { Locale } from '../words/locale.ts';
import type { Overview } from './overview-pages.ts';
import { securityWords as words } from './words.ts';

/** One line for each thing that can be lost, and what would then still sign in (screen 8). */
export function lossSection(
  visit: Visit,
  { factors, losses, codes }: Pick<Overview, 'factors' | 'losses' | 'codes'>,
): Html | null {
  const { losses: w } = words[visit.locale];
  if (losses.length === 0) return null;
  const labelOf = (id: string) => factors.find(({ row }) => row.id === id)?.row.label ?? '';
  return section({
    title: w.title,
    body: itemList(
      losses.map((loss) => {
        const outcome = outcomeOf(loss, codes?.left ?? 0);
        return {
          icon: outcome === 'other' || outcome === 'codes' ? 'check' : 'warning',
          title: loss.carrier === 'phone' ? w.phone : w.thing(labelOf(loss.carrier)),
          meta: sentence(visit.locale, outcome, loss.left.map(labelOf), codes?.left ?? 0),
        };
      }),
      '',
    ),
  });
}

function sentence(locale: Locale, outcome: Outcome, left: readonly string[], codes: number): string {
  const { losses: w } = words[locale];
  switch (outcome) {
    case 'other':
      return w.other(listOf(locale, left.map(w.named), 'or'));
    case 'codes':
      return w.codes(codes);
    case 'last-code':
      return w.lastCode;
    case 'locked-out':
      return w.lockedOut;
  }
}
