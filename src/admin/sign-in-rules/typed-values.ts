import { type FieldComplaint, refuseFields } from '../../kit/refusal.ts';
import { type NumberKey, type PolicyValues, readPolicyValue, writePolicyValue } from '../../policy/values.ts';
import type { TypedValues } from './values-pages.ts';

// Between what the form has and what is kept.

export const NUMBERS = [
  'password_min_length',
  'recovery_wait_hours',
  'record_retention_days',
  'build_size_mib',
  'builds_total_gib',
  'builds_per_app',
] as const satisfies readonly NumberKey[];

export type FormValues = Omit<PolicyValues, 'forbidden_factors' | 'keys_first'>;
type Limits = Readonly<Record<NumberKey, { readonly floor: number; readonly ceiling: number }>>;

export function typedOf(values: FormValues): TypedValues {
  const { key_models: models, trusted_browsers, reminders } = values;
  const numbers = Object.fromEntries(NUMBERS.map((key) => [key, String(values[key])]));
  return {
    ...(numbers as Record<NumberKey, string>),
    trusted_browsers,
    reminders,
    key_models: typeof models === 'string' ? models : 'listed',
    key_list: typeof models === 'string' ? '' : writePolicyValue('key_models', models).replaceAll(',', ', '),
  };
}

/** @throws {Refusal} invalid_input on each field that is none */
export function readTyped(typed: TypedValues, limits: Limits): FormValues {
  const complaints: Record<string, FieldComplaint | null> = {};
  const numbers = Object.fromEntries(
    NUMBERS.map((key) => {
      const value = readNumber(key, typed[key].trim(), limits);
      complaints[key] = value === null ? 'number_invalid' : null;
      return [key, value];
    }),
  );
  const models = readModels(typed);
  complaints['key_list'] = models === null ? 'key_models_invalid' : null;
  if (models === null || Object.values(complaints).some((complaint) => complaint !== null))
    throw refuseFields({ ...typed }, complaints);
  return {
    ...(numbers as Pick<FormValues, NumberKey>),
    trusted_browsers: typed.trusted_browsers as FormValues['trusted_browsers'],
    reminders: typed.reminders as FormValues['reminders'],
    key_models: models,
  };
}

/** For records, 0 keeps them. */
function readNumber(key: NumberKey, text: string, limits: Limits): number | null {
  if (key === 'record_retention_days' && text === '0') return 0;
  const value = readPolicyValue(key, text);
  return value !== null && value >= limits[key].floor ? value : null;
}

/** A list that was typed while another choice is made is not looked at. */
function readModels({ key_models: choice, key_list: list }: TypedValues): FormValues['key_models'] | null {
  if (choice === 'any' || choice === 'certified') return choice;
  const models = readPolicyValue('key_models', list.replace(/[\s,]+/g, ',').replace(/^,|,$/g, ''));
  return models === null || typeof models === 'string' || models.length === 0 ? null : models;
}
