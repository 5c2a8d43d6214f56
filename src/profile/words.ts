import type { Words } from '../words/locale.ts';
import { en, type ProfileWords } from './words.en.ts';
import { es } from './words.es.ts';

export const profileWords: Words<ProfileWords> = { en, es };
