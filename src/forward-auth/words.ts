import type { Words } from '../words/locale.ts';
import { en, type ForwardAuthWords } from './words.en.ts';
import { es } from './words.es.ts';

export const forwardAuthWords: Words<ForwardAuthWords> = { en, es };
