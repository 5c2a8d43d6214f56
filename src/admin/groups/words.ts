import type { Words } from '../../words/locale.ts';
import { en, type GroupWords } from './words.en.ts';
import { es } from './words.es.ts';

export const groupWords: Words<GroupWords> = { en, es };
