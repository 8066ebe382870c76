// The prediction worker: loads models as they are asked for and answers one request after the other, in the
// order in which they came; a request that was cancelled computes nothing more.
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { Engine } from '../backend/engine.ts';
import type { Pause } from '../completion/trail.ts';
import type { HostToPredictor, KnowRequest, PredictorToHost, SuggestRequest } from '../protocol/predictor.ts';
import { Problem } from '../protocol/problem.ts';
import { startEngine } from './engines.ts';
import { closeModel, type OpenModel, openModel } from './openModel.ts';

/** Milliseconds of computing before messages, such as a cancellation, are let in. */
const slice = 4;

interface LoadedModel extends OpenModel {
  readonly revision: string;
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
        // There is a pause at least until the answer is there.
        models.get(message.request.model)?.completer.learn();
      });
      return;
    case 'cancel':
      cancelled.add(message.id);
      return;
    case 'know':
      queue = queue.then(() => know(message.request));
  }
});

/** Reads in slices, between which suggestions are made. */
async function know({ text, ...of }: KnowRequest): Promise<void> {
  try {
    const { library } = await load(await engine, of);
    const reading = library.read(text);
    const readOn = async () => {
      await setImmediate();
      for (const until = performance.now() + slice; performance.now() < until; )
        if (reading.next().done) return;
      queue = queue.then(readOn);
    };
    await readOn();
  } catch (error) {
    // Whoever asks such a model for a suggestion is told.
    if (!(error instanceof Problem)) throw error;
  }
}

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
    const { completer } = await load(await engine, request);
    return { type: 'suggestions', id, suggestions: await completer.suggest(request, pause) };
  } catch (error) {
    if (error instanceof Cancelled) return { type: 'cancelled', id };
    if (error instanceof Problem) return { type: 'failed', id, message: error.message };
    return { type: 'failed', id, message: `a mistake in Unroll. ${(error as Error).stack}` };
  }
}

async function load(
  engine: Engine,
  { model: directory, revision }: Pick<SuggestRequest, 'model' | 'revision'>,
): Promise<LoadedModel> {
  const loaded = models.get(directory);
  if (loaded?.revision === revision) return loaded;
  const opened = await openModel(engine, directory, loaded);
  if (loaded) closeModel(loaded);
  // The revision is the one that was asked for: what is on disk may be newer already.
  const fresh = { ...opened, revision };
  models.set(directory, fresh);
  return fresh;
}
