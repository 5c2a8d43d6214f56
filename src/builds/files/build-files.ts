import type { Readable } from 'node:stream';
import type { Span } from '../range-rules.ts';

/**
 * Where the files of builds lie, each under the id of its build: a folder, or a bucket. What is kept here is whole and
 * safe on its disk; whether it is a build is for the database to say. `test/contracts/build-files.test.ts` holds for both.
 */
export interface BuildFiles {
  /** Takes the finished file at `path` over: when this resolves it is safe here, and gone from there. */
  keep(id: string, path: string): Promise<void>;
  /** @throws {FileMissing} before any byte */
  read(id: string, span: Span): Promise<Readable>;
  /** Nothing happens where there is none. */
  remove(id: string): Promise<void>;
  /** Whatever lies here, also what never became a build. `at`: when it came, epoch milliseconds. */
  list(): AsyncIterable<{ readonly id: string; readonly at: number }>;
  /** Ends what was begun before that instant and never finished, and costs room nevertheless. */
  dropUnfinished(before: number): Promise<void>;
  /** Absent where no other database can come by: a folder belongs to the data directory that it is in. */
  readonly mark?: OwnerMark;
}

/** Which database may remove what lies here, as it calls itself. */
export interface OwnerMark {
  /** Null: none has claimed it. */
  read(): Promise<string | null>;
  claim(owner: string): Promise<void>;
}

/** The database knows a build whose file is not there: somebody took it away behind our back. */
export class FileMissing extends Error {
  constructor(id: string) {
    super(`the file of build ${id} is missing`);
    this.name = 'FileMissing';
  }
}
