// Says what the model of a manifest can do.
import type { Capability } from '../protocol/capabilities.ts';
import { Problem } from '../protocol/problem.ts';
import type { TaskName } from '../protocol/task.ts';
import type { Manifest } from './manifest.ts';

type Described = Pick<
  Manifest,
  'task' | 'direction' | 'wishes' | 'table' | 'regression' | 'tagging' | 'pairs' | 'series'
>;

const byTask: Readonly<Record<TaskName, (manifest: Described) => readonly Capability[]>> = {
  'language model': ({ direction, wishes }) => [
    'sample',
    'export for the web',
    'export for PyTorch',
    'export as ONNX',
    // A network that reads backward predicts what stands before, which no cursor asks for.
    ...(direction === 'forward' ? (['suggest', 'generate', 'surprise', 'units'] as const) : []),
    ...(wishes ? (['train again'] as const) : []),
  ],
  // A file that a run was measured on is not kept with it.
  acceptor: ({ wishes, table }) => [
    'classify',
    'fill',
    'export for PyTorch',
    'export as ONNX',
    ...(wishes && !table?.heldOutApart ? (['train again'] as const) : []),
  ],
  regressor: ({ wishes, regression }) => [
    'predict a number',
    'fill',
    'export for PyTorch',
    'export as ONNX',
    ...(wishes && !regression?.heldOutApart ? (['train again'] as const) : []),
  ],
  transducer: ({ wishes, tagging }) => [
    'tag',
    'fill',
    'export for PyTorch',
    'export as ONNX',
    ...(wishes && !tagging?.heldOutApart ? (['train again'] as const) : []),
  ],
  'encoder-decoder': ({ wishes, pairs }) => [
    'rewrite',
    'fill',
    'export for PyTorch',
    'export as ONNX',
    ...(wishes && !pairs?.heldOutApart ? (['train again'] as const) : []),
  ],
  forecaster: ({ wishes, series }) => [
    'forecast',
    // A column that is read and not written is unknown after the next row.
    ...(series?.reads.every((name) => series.writes.includes(name)) ? (['suggest rows'] as const) : []),
    'export for PyTorch',
    'export as ONNX',
    ...(wishes ? (['train again'] as const) : []),
  ],
};

const articles: Readonly<Record<TaskName, string>> = {
  'language model': 'a language model',
  acceptor: 'an acceptor',
  regressor: 'a regressor',
  transducer: 'a transducer',
  'encoder-decoder': 'an encoder-decoder',
  forecaster: 'a forecaster',
};

/** Returns what a model can do; features ask for this, never for the name of its task. */
export function capabilitiesOf(manifest: Described): ReadonlySet<Capability> {
  return new Set(byTask[manifest.task](manifest));
}

/** @throws Problem when the model cannot do this */
export function demand(manifest: Described, capability: Capability): void {
  if (capabilitiesOf(manifest).has(capability)) return;
  const { not, mend } = refusals[capability] ?? writesNoText;
  throw new Problem(`This model is ${articles[manifest.task]}, which ${not}. ${mend}`);
}

interface Refusal {
  /** The activity that is beyond the model. */
  readonly not: string;
  /** A sentence that names the kind of model to use instead. */
  readonly mend: string;
}

const writesNoText: Refusal = { not: 'writes no text', mend: 'Name a language model.' };

const refusals: Partial<Record<Capability, Refusal>> = {
  classify: {
    not: 'names no classes',
    mend: 'Name an acceptor: `unroll train TABLE --task acceptor` makes one.',
  },
  'predict a number': {
    not: 'predicts no number of a row',
    mend: 'Name a regressor: `unroll train TABLE --task regressor` makes one.',
  },
  tag: {
    not: 'names no tags',
    mend: 'Name a transducer: `unroll train FILE --task transducer` makes one.',
  },
  'export for the web': {
    not: 'writes no text on a web page',
    mend: 'Export a language model, or this one for other programs: `unroll export --help` names the formats.',
  },
  suggest: {
    not: 'suggests nothing at the end of a text',
    mend: 'Name a language model that reads forward.',
  },
  rewrite: {
    not: 'rewrites no texts',
    mend: 'Name an encoder-decoder: `unroll train TABLE --task encoder-decoder` makes one.',
  },
  forecast: {
    not: 'forecasts no numbers',
    mend: 'Name a forecaster: `unroll train TABLE --task forecaster` makes one.',
  },
};
