import type { Words } from '../../words/locale.ts';
import { en, type OverviewWords } from './words.en.ts';
import { es } from './words.es.ts';

export const overviewWords: Words<OverviewWords> = { en, es };
