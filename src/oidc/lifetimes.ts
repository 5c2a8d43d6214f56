import { DAY, HOUR, MINUTE } from '../kit/clock.ts';

/** How long somebody may take to sign in, to enrol a factor for it, and to decide. */
export const INTERACTION = HOUR;
/** At most a minute (R62). */
export const CODE = MINUTE;
export const ACCESS_TOKEN = HOUR;
export const API_TOKEN = 10 * MINUTE;
export const ID_TOKEN = HOUR;
/** A refresh token that outlives its session: each use gives a new one that lives as long again (R63) … */
export const OFFLINE_TOKEN = 30 * DAY;
/** … until the person would have to allow it anew. */
export const OFFLINE_GRANT = 365 * DAY;
