import type { Deps } from '../../deps.ts';
import { sameText } from '../../kit/encoding.ts';
import type { Random } from '../../kit/random.ts';
import type { Challenge } from '../challenge.ts';

const DIGITS = 6;
/** The largest multiple of a million below 2^32: what lies above is drawn again, so that no code is likelier (R14). */
const FAIR = 4_294_000_000;

/** Six digits, each code as likely as any other. */
export function newCode(random: Random): string {
  for (;;) {
    const number = random.bytes(4).readUInt32BE();
    if (number < FAIR) return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
  }
}

/** What is kept of a code: a keyed hash that only this challenge's owner and number go with (R14). */
export function codeMac(
  { seal }: Pick<Deps, 'seal'>,
  accountId: string,
  number: string,
  code: string,
): string {
  return seal.mac('sms', `${accountId}/${number}/${code}`);
}

export function isCode(
  deps: Pick<Deps, 'seal'>,
  accountId: string,
  { data }: Challenge,
  code: string,
): boolean {
  return sameText(codeMac(deps, accountId, data['number'] ?? '', code), data['mac'] ?? '');
}
