// Prepares what a run is for, by its name.
import type { TaskChoice } from '../protocol/task.ts';
import { prepareAcceptor } from '../tasks/acceptor/index.ts';
import { prepareEncoderDecoder } from '../tasks/encoderDecoder/index.ts';
import { prepareForecaster } from '../tasks/forecaster/index.ts';
import { prepareLanguageModel } from '../tasks/languageModel/index.ts';
import { prepareRegressor } from '../tasks/regressor/index.ts';
import type { PreparedTask } from '../tasks/task.ts';
import { prepareTransducer } from '../tasks/transducer/index.ts';

/** @throws Problem when the data cannot be trained on, or the network cannot be computed */
export function prepareTask(
  choice: TaskChoice,
  asked: Parameters<typeof prepareLanguageModel>[0],
): Promise<PreparedTask> {
  switch (choice.kind) {
    case 'language model':
      return prepareLanguageModel(asked);
    case 'acceptor':
      return prepareAcceptor({ ...asked, choice });
    case 'regressor':
      return prepareRegressor({ ...asked, choice });
    case 'transducer':
      return prepareTransducer({ ...asked, choice });
    case 'encoder-decoder':
      return prepareEncoderDecoder({ ...asked, choice });
    case 'forecaster':
      return prepareForecaster({ ...asked, choice });
  }
}
