import type { Deps } from '../../deps.ts';
import { readNumber } from '../../kit/phone-number.ts';
import { rowOwner } from '../../kit/seal.ts';
import type { FactorRow } from '../factor.ts';

/** The phone of this account: there is one, which a new one replaces. */
export function phoneOf(factors: readonly FactorRow[]): FactorRow | null {
  return factors.find(({ kind, suspended_at }) => kind === 'sms' && suspended_at === null) ?? null;
}

/** E.164. */
export function numberOf({ seal }: Pick<Deps, 'seal'>, factor: FactorRow): string {
  return seal.open('sms', rowOwner(factor.account_id, factor.id), factor.sealed_data ?? '');
}

export function lastTwo(number: string): string {
  return number.slice(-2);
}

/** How a number is shown everywhere but on the page where it is typed (R13). */
export function masked(number: string): string {
  return `•• ${lastTwo(number)}`;
}

/** Whether a code would be sent to it today: the list may have become shorter since the number was proven. */
export function isServed({ config, seal }: Pick<Deps, 'config' | 'seal'>, phone: FactorRow): boolean {
  if (!config.textMessages || config.smsCountries.length === 0) return config.textMessages;
  const number = readNumber(numberOf({ seal }, phone));
  return number !== null && serves(config, number.country);
}

/** Whether messages go to numbers of this country (R15): to all where the operator has named none. */
export function serves({ smsCountries }: Pick<Deps['config'], 'smsCountries'>, country: string): boolean {
  return smsCountries.length === 0 || smsCountries.includes(country);
}
