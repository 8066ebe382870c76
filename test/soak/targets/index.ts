import type { Target } from '../target.ts';
import { training } from './training.ts';

export const targets: readonly Target[] = [training];
