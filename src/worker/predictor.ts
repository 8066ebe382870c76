// The prediction worker loads models as they are asked for, and suggests.
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { OtherDocuments } from '../completion/ensemble/otherDocuments.ts';
import { nodeFiles } from '../platform/node/files.ts';
import type { KnowRequest, Suggestion, SuggestRequest } from '../protocol/predictor.ts';
import { Problem } from '../protocol/problem.ts';
import { answerRequests, slice } from './answering.ts';
import { startEngine } from './engines.ts';
import { OpenModels } from './openModels.ts';

const engine = startEngine(__dirname, { kind: 'auto', threads: 1 }).then((start) => start.engine);
const models = new OpenModels(engine, nodeFiles, (library, text) =>
  enqueue(() => readOn(library.read(text))),
);

const enqueue = answerRequests<SuggestRequest, readonly Suggestion[], never, KnowRequest>({
  answer: async (request, pause) => {
    const { completer } = await models.load(request);
    return completer.suggest(request, pause);
  },
  // There is a pause in the typing at least until the answer arrives.
  answered: ({ model }) => models.get(model)?.completer.learn(),
  hear: async ({ text, ...of }) => {
    try {
      await models.tell(of, text);
    } catch (error) {
      // The user learns of the problem when a suggestion is requested from this model.
      if (!(error instanceof Problem)) throw error;
    }
  },
});

/** Reads in slices, so that suggestions can be made in between. */
async function readOn(reading: ReturnType<OtherDocuments['read']>): Promise<void> {
  await setImmediate();
  for (const until = performance.now() + slice; performance.now() < until; ) if (reading.next().done) return;
  enqueue(() => readOn(reading));
}
