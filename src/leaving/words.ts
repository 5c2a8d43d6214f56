import { en } from './words.en.ts';
import { es } from './words.es.ts';

export const leavingWords = { en, es };
