import type { Selectable } from 'kysely';
import type { AppTable, BuildTable } from '../database/tables/app-store.ts';
import type { Format, Platform } from './format-rules.ts';
import type { Bundle } from './read-bundle.ts';

/** An app that people install. */
export type App = Selectable<AppTable>;

/** One file of it, for one kind of system. */
export type Build = Omit<Selectable<BuildTable>, 'platform' | 'format' | 'bundle'> & {
  readonly platform: Platform;
  readonly format: Format;
  readonly bundle: Bundle | null;
};

/** Whom a build is, or was, offered to. */
export interface Publication {
  readonly id: string;
  readonly build_id: string;
  readonly everyone: boolean;
  /** By name. Empty, and not for everyone: its groups are gone, and nobody sees it. */
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly created_at: number;
  readonly withdrawn_at: number | null;
}

/** A build that somebody may download, and since when. */
export interface Offer extends Build {
  readonly published_at: number;
}
