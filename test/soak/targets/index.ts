import type { Target } from '../target.ts';
import cells from './cells/index.ts';

export const targets: readonly Target[] = [cells];
