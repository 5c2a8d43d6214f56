import type { Words } from '../../words/locale.ts';
import { en, type RuleWords } from './words.en.ts';
import { es } from './words.es.ts';

export const ruleWords: Words<RuleWords> = { en, es };
