import type { Generated } from 'kysely';

/** An app that people install. Web apps are clients. */
export interface AppTable {
  id: string;
  /** Its place in the address: `/store/SLUG`. */
  slug: string;
  name: string;
  /** May be empty. */
  description: string;
  /** The publisher who looks after it; null: administrators alone. */
  owner_id: string | null;
  /** Changes with the picture; null: the app has none. */
  icon_hash: string | null;
  created_at: number;
}

export interface AppIconTable {
  app_id: string;
  /** A PNG file that we have drawn anew, base64. */
  png: string;
}

/** One file of an app. It lies under its id, in `DATA_DIR/builds` or in the bucket. */
export interface BuildTable {
  id: string;
  app_id: string;
  /** `android`, `ios`, … (`builds/format-rules.ts`) */
  platform: string;
  /** `apk`, `tar.gz`, … */
  format: string;
  version: string;
  /** What is new in it; may be empty. */
  notes: string;
  /** What the file is called at those who download it. */
  file_name: string;
  /** Bytes. */
  size: number;
  /** Hexadecimal. */
  sha256: string;
  /** JSON `{id, version, title}`, what an iPhone wants to know; null but for `ipa`. */
  bundle: string | null;
  /** Whole downloads: those that began at the first byte. */
  downloads: Generated<number>;
  created_at: number;
}

/** A build is, or was, offered to somebody. */
export interface PublicationTable {
  id: string;
  build_id: string;
  /** 1: everybody who can sign in; 0: the groups of `publication_group`. */
  everyone: number;
  created_at: number;
  withdrawn_at: number | null;
}

export interface PublicationGroupTable {
  publication_id: string;
  group_id: string;
}

/** What an iPhone fetches without a cookie: works once, for minutes, while the session lives. */
export interface StoreLinkTable {
  token_hash: string;
  purpose: 'manifest' | 'file';
  build_id: string;
  session_id: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}
