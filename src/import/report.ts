import type { Checked } from './check-newcomer.ts';

/** What came in, or would: for the operator, as it is printed and as `--json` gives it. */
export interface Report {
  readonly from: string;
  readonly dry_run: boolean;
  /** Whether the accounts are there now; in a dry run, whether they could be. */
  readonly ok: boolean;
  readonly accounts: number;
  readonly with_password: number;
  readonly with_two_factor: number;
  readonly suspended: number;
  /** Addresses that nobody has proven. */
  readonly unproven: number;
  readonly administrators: number;
  readonly publishers: number;
  /** Those that are new here. */
  readonly groups: readonly string[];
  readonly not_kept: readonly { readonly place: string; readonly email: string; readonly what: string }[];
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly place: string;
  readonly problem: string;
}

/** A file of a million bad rows must not fill the memory. */
const MOST_TOLD = 10_000;

/** Counts while the file is read. */
export class Tally {
  accounts = 0;
  problemCount = 0;
  readonly problems: Problem[] = [];
  readonly #counts = { password: 0, app: 0, suspended: 0, unproven: 0, admin: 0, publisher: 0 };
  readonly #notKept: Report['not_kept'][number][] = [];

  add(one: Checked): void {
    const counts = this.#counts;
    this.accounts += 1;
    counts.password += Number(one.passwordHash !== null);
    counts.app += Number(one.apps.length > 0);
    counts.suspended += Number(one.suspended);
    counts.unproven += Number(!one.proven);
    counts.admin += Number(one.roles.includes('admin'));
    counts.publisher += Number(one.roles.includes('publisher'));
    for (const what of one.notKept)
      if (this.#notKept.length < MOST_TOLD)
        this.#notKept.push({ place: one.place, email: one.address, what });
  }

  refuse(place: string, problem: string): void {
    this.problemCount += 1;
    if (this.problems.length < MOST_TOLD) this.problems.push({ place, problem });
  }

  report(from: string, dryRun: boolean, groups: readonly string[]): Report {
    const { password, app, suspended, unproven, admin, publisher } = this.#counts;
    return {
      from,
      dry_run: dryRun,
      ok: this.problemCount === 0,
      accounts: this.accounts,
      with_password: password,
      with_two_factor: app,
      suspended,
      unproven,
      administrators: admin,
      publishers: publisher,
      groups,
      not_kept: this.#notKept,
      problems: this.problems,
    };
  }
}
