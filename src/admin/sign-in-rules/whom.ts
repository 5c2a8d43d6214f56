import type { Concerned } from '../../policy/change-two-factor-rule.ts';
import type { People } from '../../policy/stopped-store.ts';
import { APP, EVERYONE } from './paths.ts';

/** Whom a rule is about, as addresses and forms name them. */
export type Whom =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'group'; readonly id: string; readonly name: string }
  | { readonly kind: 'app'; readonly id: string; readonly name: string; readonly people: People };

/** In an address: `everyone`, the id of a group, or of an app behind `app.`. */
export function whomText(whom: Whom): string {
  if (whom.kind === 'everyone') return EVERYONE;
  return whom.kind === 'app' ? APP + whom.id : whom.id;
}

/** Who is concerned. */
export function peopleIn(whom: Whom): People {
  if (whom.kind === 'everyone') return null;
  return whom.kind === 'app' ? whom.people : whom.id;
}

/** What the rule is about. */
export function concernedBy(whom: Whom): Concerned {
  if (whom.kind === 'app') return { client: whom.id };
  return { group: whom.kind === 'group' ? whom.id : null };
}
