import type { Target } from '../target.ts';
import { names } from './names/index.ts';
import { secrets } from './secrets/index.ts';

export const targets: readonly Target[] = [names, secrets];
