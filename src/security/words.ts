import type { Words } from '../words/locale.ts';
import { en, type SecurityWords } from './words.en.ts';
import { es } from './words.es.ts';

export const securityWords: Words<SecurityWords> = { en, es };
