import type { Target } from '../target.ts';
import { parser } from './parser/index.ts';
import { tokenizers } from './tokenizers/index.ts';

export const targets: readonly Target[] = [parser, tokenizers];
