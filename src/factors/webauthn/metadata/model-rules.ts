import { DAY } from '../../../kit/clock.ts';

/** What FIDO's metadata tells of one model of authenticators (MDS 3.0, sections 3.1.1 to 3.1.4). */
export interface Model {
  /** `basic_full`, `attca`, …: how the model attests itself. */
  readonly attestationTypes: readonly string[];
  /** Certificates in base64 that its attestations lead to. */
  readonly roots: readonly string[];
  readonly statuses: readonly string[];
}

/** What administrators demand of a new key's model: that FIDO certified it, or that it is one of these AAGUIDs. */
export type ModelDemand = 'certified' | readonly string[];

/** Models of which keys can be copied, used without their person, or lied about: no matter since when (R23). */
const COMPROMISED: readonly string[] = [
  'REVOKED',
  'USER_VERIFICATION_BYPASS',
  'ATTESTATION_KEY_COMPROMISE',
  'USER_KEY_REMOTE_COMPROMISE',
  'USER_KEY_PHYSICAL_COMPROMISE',
];

export type ModelVerdict = 'accepted' | 'unknown' | 'compromised' | 'uncertified' | 'unlisted';

/** A status that isn't known says nothing: the specification adds some with time. */
export function judgeModel(aaguid: string, model: Model | undefined, demand: ModelDemand): ModelVerdict {
  if (demand !== 'certified' && !demand.includes(aaguid)) return 'unlisted';
  if (!model) return 'unknown';
  if (model.statuses.some((status) => COMPROMISED.includes(status))) return 'compromised';
  if (demand === 'certified' && !model.statuses.some((status) => status.startsWith('FIDO_CERTIFIED')))
    return 'uncertified';
  return 'accepted';
}

/** `nextUpdate` is a day without an hour: the next file is late once that day is over. */
const LATE_AFTER = DAY;
/** Long enough for a weekend in which FIDO or the operator is late; then no new key is judged by the old file (R23). */
const STALE_AFTER = 4 * DAY;

/** `late`: still good, and somebody should look. */
export function ageOf(nextUpdateAt: number, now: number): 'current' | 'late' | 'stale' {
  if (now < nextUpdateAt + LATE_AFTER) return 'current';
  return now < staleAt(nextUpdateAt) ? 'late' : 'stale';
}

export function staleAt(nextUpdateAt: number): number {
  return nextUpdateAt + STALE_AFTER;
}
