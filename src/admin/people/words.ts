import type { Words } from '../../words/locale.ts';
import { en, type PeopleWords } from './words.en.ts';
import { es } from './words.es.ts';

export const peopleWords: Words<PeopleWords> = { en, es };
