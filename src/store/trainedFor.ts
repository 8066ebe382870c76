// Says what a stored model was trained for.
import type { TaskChoice } from '../protocol/task.ts';
import type { Manifest } from './manifest.ts';

/** Returns the task of a model with its columns, as a training of the same kind is asked for. */
export function trainedFor({
  task: kind,
  table,
  regression,
  tagging,
  pairs,
  series,
}: Pick<Manifest, 'task' | 'table' | 'regression' | 'tagging' | 'pairs' | 'series'>): TaskChoice {
  if (kind === 'language model') return { kind };
  if (kind === 'forecaster') return { kind, reads: series!.reads, writes: series!.writes };
  const { reads, writes } = (table ?? regression ?? tagging ?? pairs)!;
  return { kind, reads, writes, heldOut: null };
}
