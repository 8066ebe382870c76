// Writes the text of a report. It contains no names, paths or texts of the user's: a cell is named only if it
// is built in, a model is described by its properties, and a problem by its kind.

import { builtinCells } from '../../cells/index.ts';
import { layersText } from '../../language/options/layers.ts';
import type { Diagnosis } from '../../protocol/inspector.ts';
import { abbreviation, writeMeasure, writeValue } from '../../protocol/metric.ts';
import type { RunSnapshot } from '../../protocol/run.ts';
import { heldOutOutcome, type Manifest } from '../../store/manifest.ts';
import type { Diary } from '../report/diary.ts';
import { number } from '../text/numberFormat.ts';

export interface Facts {
  /** Versions by name, for example of VS Code, Node and the system; none of the names is the user's. */
  readonly versions: Readonly<Record<string, string>>;
  readonly cores: number;
  readonly memoryGigabytes: number;
  /** The diagnosis; null if it failed, which `diary` lists as a problem. */
  readonly diagnosis: Diagnosis | null;
  /** The values in the settings, which may be of any type. */
  readonly wishes: { readonly engine: unknown; readonly threads: unknown };
  readonly models: readonly Manifest[];
  readonly run: RunSnapshot | null;
  readonly diary: Pick<Diary, 'activation' | 'suggestions' | 'problems'>;
}

/** The known values of `unroll.engine.kind`. */
const engineKinds: readonly unknown[] = ['auto', 'wide', 'narrow', 'tfjs'];

export function reportText({
  versions,
  cores,
  memoryGigabytes,
  diagnosis,
  wishes,
  models,
  run,
  diary,
}: Facts): string {
  const threads = typeof wishes.threads === 'number' ? String(wishes.threads) : null;
  return [
    '# Unroll: report',
    'Without texts, names of files or paths. Nothing has been sent: share it where you like.',
    '## Versions',
    list([
      ...Object.entries(versions),
      ['Cores', String(cores)],
      ['Memory', `${memoryGigabytes.toFixed(1)} GB`],
    ]),
    '## Engine',
    list([
      ['Asked for', engineKinds.includes(wishes.engine) ? String(wishes.engine) : 'an unknown engine'],
      ...(diagnosis
        ? ([
            ['Engine', diagnosis.engine],
            ['Kernels', diagnosis.build ?? 'none: no SIMD'],
            ['Threads in a training', threads ?? `${diagnosis.threads}, by the machine`],
            ['Reading', `${number(diagnosis.tokensPerSecond)} tokens/s (${diagnosis.network})`],
          ] as [string, string][])
        : []),
    ]),
    '## Models',
    models.length > 0 ? models.map((model) => `- ${modelLine(model)}`).join('\n') : 'None.',
    '## Times',
    list([
      ['Activation', diary.activation === null ? '-' : `${diary.activation.toFixed(1)} ms`],
      ['Suggestions', suggestionLine(diary.suggestions)],
      ['Last training', run ? runLine(run) : '-'],
    ]),
    '## Problems',
    diary.problems.length > 0
      ? list(diary.problems.slice(-10).map(({ kind, when }) => [when.toISOString(), kind]))
      : 'None in this window.',
  ]
    .join('\n\n')
    .concat('\n');
}

const list = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([name, value]) => `- ${name}: ${value}`).join('\n');

function modelLine(manifest: Manifest): string {
  const { architecture, cells, options, vocabulary, provenance, learnedHeldOut, step, direction } = manifest;
  const outcome = heldOutOutcome(manifest);
  const own = (cell: string) => builtinCells.get(cell)?.trim() !== cells[cell]?.trim();
  return [
    layersText(
      architecture.layers.map((layer) => (own(layer.cell) ? { ...layer, cell: 'own cell' } : layer)),
    ),
    `${number(vocabulary?.characters.length ?? 0)} symbols (${tokensOf(options)})`,
    `${number(provenance.characters)} characters, ${number(step)} steps`,
    outcome === null
      ? 'nothing held out'
      : `validation ${writeMeasure(outcome.metric, writeValue(outcome.value, 3), abbreviation)}${learnedHeldOut ? ` ${provenance.imported ? 'after' : 'before'} the held-out text was learned` : ''}`,
    direction,
  ].join(' · ');
}

/** Names the kind of tokens. The setting may hold any value, so only known ones are repeated. */
function tokensOf({ tokens }: Manifest['options']): string {
  return tokens === 'words' || tokens === 'pieces' ? tokens : 'characters';
}

function suggestionLine(times: readonly number[]): string {
  if (times.length === 0) return 'none yet';
  const sorted = times.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return `p50 ${quantile(0.5).toFixed(1)} ms, p95 ${quantile(0.95).toFixed(1)} ms, of ${times.length}`;
}

function runLine({ status, start, progress }: RunSnapshot): string {
  return [
    status.kind,
    ...(start ? [start.engine, `${number(start.parameters)} parameters`] : []),
    ...(progress ? [`${number(progress.tokensPerSecond)} tokens/s`, `${number(progress.step)} steps`] : []),
    ...(start?.fallback ? ['not the engine that was asked for'] : []),
  ].join(', ');
}
