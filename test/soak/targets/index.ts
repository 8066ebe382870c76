import type { Target } from '../target.ts';
import { disk } from './disk.ts';
import { kills } from './kills/index.ts';

export const targets: readonly Target[] = [disk, kills];
