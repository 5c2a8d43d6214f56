import type { Words } from '../../words/locale.ts';
import { en, type RecordWords } from './words.en.ts';
import { es } from './words.es.ts';

export const recordWords: Words<RecordWords> = { en, es };
