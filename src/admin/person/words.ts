import type { Words } from '../../words/locale.ts';
import { en, type PersonWords } from './words.en.ts';
import { es } from './words.es.ts';

export const personWords: Words<PersonWords> = { en, es };
