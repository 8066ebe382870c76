// The prediction worker loads models as they are asked for, and suggests.
import type { OtherDocuments } from '../completion/ensemble/otherDocuments.ts';
import type { Port } from '../protocol/port.ts';
import { type KnowNotice, type PredictorService, predictorNotices } from '../protocol/predictor.ts';
import { Problem } from '../protocol/problem.ts';
import { startEngine } from './engines.ts';
import { OpenModels } from './openModels.ts';
import type { Platform } from './platform.ts';
import { serve, timeSlice } from './workerChannel.ts';

export function servePredictor(port: Port, platform: Platform): void {
  const engine = startEngine(platform, { kind: 'auto', threads: 1 }).then((start) => start.engine);
  const models = new OpenModels(engine, platform, (documents, text) =>
    enqueue(() => readOn(documents.read(text))),
  );

  const { enqueue } = serve<PredictorService>(port, platform.breathe, {
    name: 'The suggestion',
    answer: async (request, pause) => {
      const { completer } = await models.load(request);
      return completer.suggest(request, pause);
    },
    // There is a pause in the typing at least until the answer arrives.
    answered: ({ model }) => models.get(model)?.completer.learn(),
    notices: { types: predictorNotices, listen: (notice) => enqueue(() => know(notice)) },
  });

  async function know({ text, ...reference }: KnowNotice): Promise<void> {
    try {
      await models.tell(reference, text);
    } catch (error) {
      // The user learns of the problem when a suggestion is requested from this model.
      if (!(error instanceof Problem)) throw error;
    }
  }

  /** Reads in slices, so that suggestions can be made in between. */
  async function readOn(reading: ReturnType<OtherDocuments['read']>): Promise<void> {
    await platform.breathe();
    for (const until = performance.now() + timeSlice; performance.now() < until; )
      if (reading.next().done) return;
    enqueue(() => readOn(reading));
  }
}
