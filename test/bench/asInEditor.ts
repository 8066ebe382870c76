// Trains and suggests as the extension does, with the same workers, for benchmarks of what a user waits for.
import { join } from 'node:path';
import { suggestionDefaults } from '../../src/completion/decoding/suggest.ts';
import { PredictorClient } from '../../src/editor/workers/predictorClient.ts';
import { startTrainerOn } from '../../src/editor/workers/trainerHost.ts';
import { WideRecord } from '../../src/editor/workers/wideRecord.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { machineName, mayRevectorize, wideOptions } from '../../src/platform/node/revectorizer.ts';
import {
  predictorLimits,
  startProcess,
  startThread,
  trainerLimits,
  trainerOptions,
} from '../../src/platform/node/startWorker.ts';
import { contextStart, counted, type SuggestRequest } from '../../src/protocol/predictor.ts';
import type { RunResult } from '../../src/protocol/run.ts';
import type { TrainRequest } from '../../src/protocol/trainer.ts';
import { readManifest } from '../../src/store/modelFolder.ts';

const script = (name: string) => join(import.meta.dirname, `../../out/${name}.cjs`);

const remembered = new Map<string, unknown>();
const memory = {
  get: <Value>(key: string) => remembered.get(key) as Value | undefined,
  update: async (key: string, value: unknown) => void remembered.set(key, value),
};

const start = startTrainerOn({
  process: (options) => startProcess(script('trainer'), [...trainerOptions, ...options]),
  thread: () => startThread(script('trainer'), trainerLimits),
  wide: mayRevectorize
    ? { options: wideOptions, record: new WideRecord(memory as never, machineName()) }
    : null,
  warn: (message) => process.stderr.write(`${message}\n`),
});

/** A training that is under way. */
export interface Training {
  /** Resolves with the result. Rejects with a sentence where the run has failed. */
  readonly done: Promise<RunResult>;
  /** The revision of the model that is on disk; `counted` where none is there yet. */
  readonly revision: string;
  kill(): Promise<void>;
}

/** Trains on a text, with the settings as they are where nothing else is said. */
export function train(
  text: string,
  directory: string,
  settings: Readonly<Record<string, unknown>>,
  definition: string | null = null,
): Training {
  const done = Promise.withResolvers<RunResult>();
  let revision = counted;
  const request: TrainRequest = {
    documents: [text],
    source: 'bench',
    title: 'bench',
    uri: null,
    pattern: null,
    remarks: [],
    languageId: 'plaintext',
    directory,
    settings,
    definition,
    cell: null,
  };
  const client = start({ type: 'train', request }, (event) => {
    if (event.type === 'saved') revision = readManifest(nodeFiles, directory).weights;
    if (event.type === 'failed') done.reject(new Error(event.message));
    if (event.type !== 'done') return;
    client.close();
    done.resolve(event.result);
  });
  return {
    done: done.promise,
    get revision() {
      return revision;
    },
    kill: () => client.kill(),
  };
}

/** Starts a prediction worker at the first request. */
export const startPredictor = (): PredictorClient =>
  new PredictorClient(() => startThread(script('predictor'), predictorLimits), { suggested() {} });

/** Returns what the editor asks when the cursor is at the end of a text, after `typed` characters. */
export function requestAtEnd(
  { model, revision, document }: Pick<SuggestRequest, 'model' | 'revision' | 'document'>,
  text: string,
  typed: number,
): SuggestRequest {
  const offset = contextStart(text.length);
  const cursor = { offset, before: text.slice(offset), after: '', typed };
  return { model, revision, document, ...cursor, ...suggestionDefaults, count: 1 };
}
