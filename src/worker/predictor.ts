// The prediction worker: loads models as they are asked for.
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Engine } from '../backend/engine.ts';
import { nodeFiles } from '../platform/node/files.ts';
import type { KnowRequest, Suggestion, SuggestRequest } from '../protocol/predictor.ts';
import { Problem } from '../protocol/problem.ts';
import { answerRequests, slice } from './answering.ts';
import { startEngine } from './engines.ts';
import { closeModel, type OpenModel, openModel } from './openModel.ts';

interface LoadedModel extends OpenModel {
  readonly revision: string;
}

const engine: Promise<Engine> = startEngine(__dirname, { kind: 'auto', threads: 1 }).then(
  (start) => start.engine,
);
const models = new Map<string, LoadedModel>();

const enqueue = answerRequests<SuggestRequest, readonly Suggestion[], never, KnowRequest>({
  answer: async (request, pause) => {
    const { completer } = await load(await engine, request);
    return completer.suggest(request, pause);
  },
  // There is a pause at least until the answer is there.
  answered: ({ model }) => models.get(model)?.completer.learn(),
  hear: know,
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
      enqueue(readOn);
    };
    await readOn();
  } catch (error) {
    // Whoever asks such a model for a suggestion is told.
    if (!(error instanceof Problem)) throw error;
  }
}

async function load(
  engine: Engine,
  { model: directory, revision }: Pick<SuggestRequest, 'model' | 'revision'>,
): Promise<LoadedModel> {
  const loaded = models.get(directory);
  if (loaded?.revision === revision) return loaded;
  const opened = await openModel(engine, nodeFiles, directory, loaded);
  if (loaded) closeModel(loaded);
  // The revision is the one that was asked for: what is on disk may be newer already.
  const fresh = { ...opened, revision };
  models.set(directory, fresh);
  return fresh;
}
