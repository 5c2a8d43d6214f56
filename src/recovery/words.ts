import type { Words } from '../words/locale.ts';
import { en, type RecoveryWords } from './words.en.ts';
import { es } from './words.es.ts';

export const recoveryWords: Words<RecoveryWords> = { en, es };
