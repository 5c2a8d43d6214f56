import type { Words } from '../words/locale.ts';
import { en, type OidcWords } from './words.en.ts';
import { es } from './words.es.ts';

export const oidcWords: Words<OidcWords> = { en, es };
