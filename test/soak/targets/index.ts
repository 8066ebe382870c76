import type { Target } from '../target.ts';
import { messages } from './messages/index.ts';

export const targets: readonly Target[] = [messages];
