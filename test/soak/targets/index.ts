import type { Target } from '../target.ts';
import { disk } from './disk.ts';
import { damagedModels } from './folders/index.ts';
import { kills } from './kills/index.ts';

export const targets: readonly Target[] = [disk, damagedModels, kills];
