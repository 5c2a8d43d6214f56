/** One account as another system has it. */
export interface Newcomer {
  /** Where in the file: `line 17`, `users[3]`. */
  readonly place: string;
  readonly email: string;
  readonly name: string;
  /** The other system has seen that mail to the address reaches the person, or the operator vouches for it. */
  readonly proven: boolean;
  readonly suspended: boolean;
  /** `en`, `es-MX`, …; empty where it doesn't say. */
  readonly locale: string;
  /** bcrypt's text or PHC text; null where the person has none there. */
  readonly password: string | null;
  readonly apps: readonly AppSecret[];
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  /** What the person had there and has to do without here: a security key, an app with eight digits. */
  readonly notKept: readonly string[];
}

/** An authenticator app's secret, as it was found. */
export interface AppSecret {
  readonly secret: string;
  /** `text`: the bytes of the text itself are the secret; apps were shown its base32. */
  readonly encoding: 'base32' | 'text';
  readonly digits: number;
  /** Seconds. */
  readonly period: number;
  /** `SHA1`, `HmacSHA256`, … */
  readonly algorithm: string;
  readonly label: string;
}

/** What every app understands, and most systems use. */
export const USUAL_APP = { digits: 6, period: 30, algorithm: 'SHA1' } as const;

/** A row that can't come in; the words say why, and never repeat a secret. */
export interface BadRow {
  readonly place: string;
  readonly problem: string;
}

export type Row = Newcomer | BadRow;

/** The file as a whole is not what was said. */
export class BadFile extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadFile';
  }
}

export interface Source {
  /** What stands in the file, in its order; a bad row doesn't keep it from reading on. @throws {BadFile} */
  read(path: string, options: SourceOptions): AsyncIterable<Row>;
}

export interface SourceOptions {
  /** What stands in the file of `--secret-file`. */
  readonly secrets: string | null;
}
