import type { Words } from '../words/locale.ts';
import { en } from './words.en.ts';
import { es } from './words.es.ts';

export const noticeWords: Words<typeof en> = { en, es };
