import type { Target } from '../target.ts';
import cells from './cells/index.ts';
import { training } from './training.ts';

export const targets: readonly Target[] = [cells, training];
