import type { Words } from '../../words/locale.ts';
import { type AppsWords, en } from './words.en.ts';
import { es } from './words.es.ts';

export const appsWords: Words<AppsWords> = { en, es };
