import type { Html } from '../kit/html.ts';

/** What every page says of the house itself; made once at start from the configuration. */
export interface Site {
  readonly brand: string;
  readonly baseUrl: string;
  readonly supportEmail: string | null;
  readonly privacyUrl: string | null;
  readonly termsUrl: string | null;
  readonly localMode: boolean;
  /** In local mode, and no gateway is set: text messages lie in the mailbox too. */
  readonly keepsTexts: boolean;
  readonly signUpOpen: boolean;
  /** The mark, inline. */
  readonly logo: Html;
  /** `style.css` -> `/assets/style.1a2b3c4d.css`: addressed by content, cached for ever. */
  asset(name: string): string;
}
