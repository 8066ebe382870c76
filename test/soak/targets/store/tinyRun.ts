// Trains a network of a few units, which saves every few updates.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodePlatform } from '../../../../src/platform/node/platform.ts';
import type { RunResult } from '../../../../src/protocol/run.ts';
import type { TrainRequest } from '../../../../src/protocol/trainer.ts';
import type { Files } from '../../../../src/store/files.ts';
import { readRun } from '../../../../src/store/modelFolder.ts';
import { Controls } from '../../../../src/training/controls.ts';
import { run } from '../../../../src/worker/run.ts';

/** The folder with the engines' files, which a build has made. */
export const assets = join(import.meta.dirname, '../../../../out');

export const readKernels = (build: string) => readFile(join(assets, 'kernels', `${build}.wasm`));

/** The number of updates between two saves. */
const interval = 12;

export const text = 'A line of a log, number 12, says that all is well.\n'.repeat(12);

export function tinyRequest(directory: string, cell: string): TrainRequest {
  return {
    documents: [text],
    source: 'a.log',
    title: 'a.log',
    uri: null,
    pattern: null,
    remarks: [],
    languageId: 'log',
    directory,
    settings: {
      'model.layers': `${cell} 3`,
      'model.tokens': 'characters',
      'train.k1': 10,
      'train.k2': 10,
      'train.batch': 2,
      'train.seconds': null,
      'train.epochs': 1,
      'engine.threads': 1,
    },
    definition: null,
    cell: null,
  };
}

/** The file of a long text: with these lengths, the tiny text is one. */
export const longText = { path: '/texts/a.log' };
export const blockLengths = { block: 50, whole: 300, kept: 200 };

export interface Heard {
  readonly result: RunResult;
  readonly notes: readonly string[];
}

interface How {
  /** The folder with the engines' files. */
  readonly assets?: string;
  /** Whether the text is a long one in a file. */
  readonly isLong?: boolean;
  /** Whether the run is stopped at once, with all that belongs to a run's end. */
  readonly stopped?: boolean;
  /** Is called after each save. */
  readonly saved?: () => void;
}

/**
 * Trains a tiny run.
 * @param cell the cell to train; null goes on with the run in the folder
 */
export async function tinyRun(
  files: Files,
  directory: string,
  cell: string | null,
  { assets: from = assets, isLong = false, stopped = false, saved = () => {} }: How = {},
): Promise<Heard> {
  const { request, earlier } = cell
    ? {
        request: { ...tinyRequest(directory, cell), ...(isLong && { documents: [longText] }) },
        earlier: null,
      }
    : readRun(files, directory, isLong ? [longText] : null);
  const controls = new Controls();
  if (stopped) controls.send({ type: 'stop' });
  const notes: string[] = [];
  let next = interval;
  const result = await run(
    request,
    { ...nodePlatform(from), files, ...(isLong && { blockLengths }) },
    controls,
    {
      started() {},
      resumed() {},
      // A pause saves the run, which is then resumed.
      paused: () => controls.send({ type: 'resume' }),
      progress({ step }, points) {
        for (const { text } of points.notes) notes.push(text);
        if (step < next || stopped) return;
        next = step + interval;
        controls.send({ type: 'pause' });
      },
      saved,
      ended: () => controls.close(),
    },
    earlier,
  );
  return { result, notes };
}
