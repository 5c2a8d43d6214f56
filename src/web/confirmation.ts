import type { Html } from '../kit/html.ts';
import { form } from './fields.ts';
import type { IconName } from './icons.ts';
import { type AccountPage, accountLayout } from './layout.ts';
import { actions, type ButtonKind, button, closeButton, dialog, linkButton } from './parts.ts';
import type { Site } from './site.ts';
import type { Visit } from './visit.ts';

/** A question before something goes for good: a page of its own, and the same as a dialog where there is a script. */
export interface Confirmation {
  /** GET asks, POST does it. */
  readonly path: string;
  readonly title: string;
  /** What will happen, and to what, in one sentence. */
  readonly lead: string;
  readonly button: string;
  /** `danger` where nothing is said: most of these can’t be made good. */
  readonly kind?: ButtonKind;
  readonly cancel: string;
}

/** `account-sessions-ID-end`: of two dialogs on a page, each has its own. */
const idOf = ({ path }: Confirmation): string => path.slice(1).replaceAll('/', '-');

/** Looks like the button that does it, and asks first. `label` is for screen readers and begins with the text. */
export function askingLink(
  confirmation: Confirmation,
  text: string,
  look: { kind: ButtonKind; label?: string; icon?: IconName },
): Html {
  return linkButton(confirmation.path, text, { ...look, dialog: idOf(confirmation) });
}

/** Stands anywhere on the page that holds the link; outside of lists, whose buttons are smaller. */
export function askingDialog(confirmation: Confirmation): Html {
  const { path, title, lead, cancel } = confirmation;
  const body = form({ action: path, body: actions(does(confirmation), closeButton(cancel)) });
  return dialog({ id: idOf(confirmation), title, lead, body });
}

/** Where the question has a page of its own. `back`: where somebody goes who thinks better of it. */
export function askingPage(
  site: Site,
  visit: Visit,
  confirmation: Confirmation,
  place: Pick<AccountPage, 'current' | 'person'> & { readonly back: NonNullable<AccountPage['back']> },
): Html {
  return accountLayout(site, visit, { ...place, ...askingContent(confirmation, place.back.href) });
}

/** The same for the other layouts: what such a page says and asks. */
export function askingContent(
  { title, lead, ...confirmation }: Confirmation,
  backHref: string,
): Pick<AccountPage, 'title' | 'body'> & { readonly lead: Confirmation['lead'] } {
  const cancel = linkButton(backHref, confirmation.cancel, { kind: 'quiet' });
  const body = form({ action: confirmation.path, body: actions(does(confirmation), cancel) });
  return { title, lead, body };
}

const does = ({ button: text, kind = 'danger' }: Pick<Confirmation, 'button' | 'kind'>): Html =>
  button(text, { kind });
