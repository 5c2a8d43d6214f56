import type { Words } from '../words/locale.ts';
import { en, type PublishWords } from './publish-words.en.ts';
import { es } from './publish-words.es.ts';

export const publishWords: Words<PublishWords> = { en, es };
