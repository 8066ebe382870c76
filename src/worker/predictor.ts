// The prediction worker: loads models as they are asked for and answers one request after the other, in the
// order in which they came; a request that was cancelled computes nothing more.
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { Engine, Predictor } from '../backend/engine.ts';
import { suggest } from '../completion/suggest.ts';
import { type Pause, Trail } from '../completion/trail.ts';
import type { HostToPredictor, PredictorToHost, SuggestRequest } from '../protocol/predictor.ts';
import { Problem } from '../protocol/problem.ts';
import { architecture } from '../training/plan.ts';
import { Vocabulary } from '../training/vocabulary.ts';
import { startEngine } from './engines.ts';
import { readModel } from './modelFolder.ts';

/** Milliseconds of computing before messages, such as a cancellation, are let in. */
const slice = 4;

/** Texts whose states are kept. */
const maximumTrails = 8;

interface LoadedModel {
  readonly revision: string;
  readonly predictor: Predictor;
  readonly vocabulary: Vocabulary;
  /** By document, most recently used last. */
  readonly trails: Map<string, Trail>;
}

class Cancelled extends Error {}

const port = parentPort!;
const engine: Promise<Engine> = startEngine(__dirname, { kind: 'auto', threads: 1 }).then(
  (start) => start.engine,
);
const models = new Map<string, LoadedModel>();
const cancelled = new Set<number>();
let queue: Promise<void> = Promise.resolve();

port.on('message', (message: HostToPredictor) => {
  switch (message.type) {
    case 'suggest':
      queue = queue.then(async () => {
        port.postMessage(await answer(message.id, message.request));
        cancelled.delete(message.id);
      });
      return;
    case 'cancel':
      cancelled.add(message.id);
  }
});

async function answer(id: number, request: SuggestRequest): Promise<PredictorToHost> {
  let resumed = performance.now();
  const pause: Pause = async () => {
    if (performance.now() - resumed > slice) {
      await setImmediate();
      resumed = performance.now();
    }
    if (cancelled.has(id)) throw new Cancelled();
  };
  try {
    await setImmediate();
    await pause();
    const { predictor, vocabulary, trails } = load(await engine, request);
    const trail = trails.get(request.document) ?? new Trail(predictor, vocabulary);
    trails.delete(request.document);
    trails.set(request.document, trail);
    if (trails.size > maximumTrails) trails.delete(trails.keys().next().value!);
    const position = await trail.read(request.offset, request.before, pause);
    return { type: 'suggestion', id, ...(await suggest(predictor, vocabulary, position, request, pause)) };
  } catch (error) {
    if (error instanceof Cancelled) return { type: 'cancelled', id };
    if (error instanceof Problem) return { type: 'failed', id, message: error.message };
    return { type: 'failed', id, message: `a mistake in Unroll. ${(error as Error).stack}` };
  }
}

function load(engine: Engine, { model: directory, revision }: SuggestRequest): LoadedModel {
  const loaded = models.get(directory);
  if (loaded?.revision === revision) return loaded;
  const { manifest, weights } = readModel(directory);
  const vocabulary = new Vocabulary(manifest.vocabulary.characters, manifest.vocabulary.rareKinds);
  loaded?.predictor.dispose();
  const fresh: LoadedModel = {
    // As it was asked for: what is on disk may be newer already.
    revision,
    predictor: engine.predict(architecture(vocabulary.size, manifest.architecture, manifest.cells), weights),
    vocabulary,
    trails: new Map(),
  };
  models.set(directory, fresh);
  return fresh;
}
