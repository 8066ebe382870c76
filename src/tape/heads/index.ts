import type { Architecture } from '../architecture.ts';
import { everyStep } from './everyStep.ts';
import type { Head } from './head.ts';
import { categorical, gaussian } from './likelihoods.ts';
import { maxPooled, meanPooled } from './pooled.ts';

/** Returns the head of a network: its parameters, its lowering and its loss. */
export function headOf({ head, likelihood }: Architecture): Head {
  const outputLayer = head.kind === 'every step' ? everyStep : head.pool === 'mean' ? meanPooled : maxPooled;
  return { ...outputLayer, ...(likelihood === 'gaussian' ? gaussian : categorical) };
}
