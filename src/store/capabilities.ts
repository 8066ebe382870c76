// What the model of a manifest can do.
import type { Capability } from '../protocol/capabilities.ts';
import { Problem } from '../protocol/problem.ts';
import type { TaskName } from '../protocol/task.ts';
import type { Manifest } from './manifest.ts';

type Described = Pick<Manifest, 'task' | 'direction' | 'wishes' | 'table'>;

const byTask: Readonly<Record<TaskName, (manifest: Described) => readonly Capability[]>> = {
  'language model': ({ direction, wishes }) => [
    'sample',
    'export',
    // A network that reads backward predicts what stands before, which no cursor asks for.
    ...(direction === 'forward' ? (['suggest', 'generate', 'surprise', 'units'] as const) : []),
    ...(wishes ? (['train again'] as const) : []),
  ],
  acceptor: ({ wishes, table }) => [
    'classify',
    'fill',
    // A file that a run was measured on is not kept with it.
    ...(wishes && !table?.heldOutApart ? (['train again'] as const) : []),
  ],
};

export function capabilitiesOf(manifest: Described): ReadonlySet<Capability> {
  return new Set(byTask[manifest.task](manifest));
}

/** @throws Problem when the model cannot do this */
export function demand(manifest: Described, capability: Capability): void {
  if (capabilitiesOf(manifest).has(capability)) return;
  throw new Problem(
    manifest.task === 'acceptor'
      ? 'This model is an acceptor, which writes no text. Name a language model.'
      : 'This model is a language model, which names no classes. Name an acceptor: `unroll train TABLE --task acceptor` makes one.',
  );
}
