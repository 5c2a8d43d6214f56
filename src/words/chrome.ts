import { type Chrome, en } from './chrome.en.ts';
import { es } from './chrome.es.ts';
import type { Words } from './locale.ts';

export const chrome: Words<Chrome> = { en, es };
