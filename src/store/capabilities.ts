// What the model of a manifest can do.
import type { Capability } from '../protocol/capabilities.ts';
import { Problem } from '../protocol/problem.ts';
import type { TaskName } from '../protocol/task.ts';
import type { Manifest } from './manifest.ts';

type Described = Pick<Manifest, 'task' | 'direction' | 'wishes'>;

const byTask: Readonly<Record<TaskName, (manifest: Described) => readonly Capability[]>> = {
  'language model': ({ direction, wishes }) => [
    'sample',
    'export',
    // A network that reads backward predicts what stands before, which no cursor asks for.
    ...(direction === 'forward' ? (['suggest', 'generate', 'surprise', 'units'] as const) : []),
    ...(wishes ? (['train again'] as const) : []),
  ],
  acceptor: () => ['classify'],
  forecaster: () => ['forecast'],
};

export function capabilitiesOf(manifest: Described): ReadonlySet<Capability> {
  return new Set(byTask[manifest.task](manifest));
}

/** @throws Problem when the model cannot do this */
export function demand(manifest: Described, capability: Capability): void {
  if (capabilitiesOf(manifest).has(capability)) return;
  throw new Problem(`This model is ${what[manifest.task]}. ${mend[capability] ?? 'Name a language model.'}`);
}

/** What a model of each task is, and what it does not do. */
const what: Readonly<Record<TaskName, string>> = {
  'language model': 'a language model, which names no classes and forecasts no numbers',
  acceptor: 'an acceptor, which writes no text',
  forecaster: 'a forecaster, which reads numbers and no text',
};

/** Which model can do what a language model cannot. */
const mend: Partial<Record<Capability, string>> = {
  classify: 'Name an acceptor: `unroll train TABLE --task acceptor` makes one.',
  forecast: 'Name a forecaster: `unroll train TABLE --task forecaster` makes one.',
};
