import type { Architecture } from '../architecture.ts';
import { everyStep } from './everyStep.ts';
import type { Head } from './head.ts';
import { maxPooled, meanPooled } from './pooled.ts';

export function headOf({ head }: Architecture): Head {
  if (head.kind === 'every step') return everyStep;
  return head.pool === 'mean' ? meanPooled : maxPooled;
}
