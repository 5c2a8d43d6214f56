import type { Words } from '../../words/locale.ts';
import { en, type SmsWords } from './words.en.ts';
import { es } from './words.es.ts';

export const smsWords: Words<SmsWords> = { en, es };
