import type { Words } from '../words/locale.ts';
import { en, type StoreWords } from './words.en.ts';
import { es } from './words.es.ts';

export const storeWords: Words<StoreWords> = { en, es };
