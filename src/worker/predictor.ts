// The prediction worker loads models as they are asked for, and suggests.
import type { Port } from '../protocol/port.ts';
import {
  counted,
  type PredictorNotice,
  type PredictorService,
  predictorNotices,
} from '../protocol/predictor.ts';
import { Problem } from '../protocol/problem.ts';
import { startEngine } from './engines.ts';
import { OpenModels } from './openModels.ts';
import type { Platform } from './platform.ts';
import { serve, timeSlice } from './workerChannel.ts';

/** Begins to serve as a predictor. */
export function servePredictor(port: Port, platform: Platform): void {
  const engine = startEngine(platform, { kind: 'auto', threads: 1 }).then((start) => start.engine);
  const goOnLater = (steps: Generator<void>) => enqueue(() => goOn(steps));
  const models = new OpenModels(
    engine,
    platform,
    (documents, text) => goOnLater(documents.read(text)),
    goOnLater,
  );

  const { enqueue, say } = serve<PredictorService>(port, platform.breathe, {
    name: 'The suggestion',
    answer: async (request, pause) => {
      const isCounted = request.revision === counted;
      const model = isCounted ? models.loadCounted(request.model) : await models.load(request);
      return model ? model.completer.suggest(request, pause) : 'not counted';
    },
    // There is a pause in the typing at least until the answer arrives.
    answered: ({ model }) => {
      models.get(model)?.completer.learn();
      models.trim();
      models.catchUp(model);
    },
    notices: {
      types: predictorNotices,
      listen: (notice) => enqueue(() => withoutProblems(() => obey(notice))),
    },
  });

  async function obey(notice: PredictorNotice): Promise<void> {
    switch (notice.type) {
      case 'count':
        return models.count(notice.model, notice.documents);
      case 'open':
        await models.load(notice);
        return;
      case 'know':
        return models.tell(notice, notice.text);
    }
  }

  /** The user learns of a problem when a suggestion is requested from the model, or from the training on the text. */
  async function withoutProblems(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }

  /** Works in slices, so that suggestions can be made in between, and says when the work is done. */
  async function goOn(steps: Generator<void>): Promise<void> {
    await platform.breathe();
    for (const until = performance.now() + timeSlice; performance.now() < until; )
      if (steps.next().done) return say({ type: 'read' });
    goOnLater(steps);
  }
}
