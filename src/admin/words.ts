import type { Words } from '../words/locale.ts';
import { type AdminWords, en } from './words.en.ts';
import { es } from './words.es.ts';

export const adminWords: Words<AdminWords> = { en, es };
