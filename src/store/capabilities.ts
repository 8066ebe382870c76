// What the model of a manifest can do.
import type { Capability } from '../protocol/capabilities.ts';
import { Problem } from '../protocol/problem.ts';
import type { TaskName } from '../protocol/task.ts';
import type { Manifest } from './manifest.ts';

type Described = Pick<Manifest, 'task' | 'direction' | 'wishes' | 'table' | 'tagging'>;

const byTask: Readonly<Record<TaskName, (manifest: Described) => readonly Capability[]>> = {
  'language model': ({ direction, wishes }) => [
    'sample',
    'export',
    // A network that reads backward predicts what stands before, which no cursor asks for.
    ...(direction === 'forward' ? (['suggest', 'generate', 'surprise', 'units'] as const) : []),
    ...(wishes ? (['train again'] as const) : []),
  ],
  // A file that a run was measured on is not kept with it.
  acceptor: ({ wishes, table }) => [
    'classify',
    'fill',
    ...(wishes && !table?.heldOutApart ? (['train again'] as const) : []),
  ],
  transducer: ({ wishes, tagging }) => [
    'tag',
    'fill',
    ...(wishes && !tagging?.heldOutApart ? (['train again'] as const) : []),
  ],
};

const articles: Readonly<Record<TaskName, string>> = {
  'language model': 'a language model',
  acceptor: 'an acceptor',
  transducer: 'a transducer',
};

export function capabilitiesOf(manifest: Described): ReadonlySet<Capability> {
  return new Set(byTask[manifest.task](manifest));
}

/** @throws Problem when the model cannot do this */
export function demand(manifest: Described, capability: Capability): void {
  if (capabilitiesOf(manifest).has(capability)) return;
  throw new Problem(
    capability === 'classify'
      ? `This model is ${articles[manifest.task]}, which names no classes. Name an acceptor: \`unroll train TABLE --task acceptor\` makes one.`
      : capability === 'tag'
        ? `This model is ${articles[manifest.task]}, which names no tags. Name a transducer: \`unroll train FILE --task transducer\` makes one.`
        : `This model is ${articles[manifest.task]}, which writes no text. Name a language model.`,
  );
}
