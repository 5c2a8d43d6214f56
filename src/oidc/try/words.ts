import type { Words } from '../../words/locale.ts';
import { en, type TryWords } from './words.en.ts';
import { es } from './words.es.ts';

export const tryWords: Words<TryWords> = { en, es };
