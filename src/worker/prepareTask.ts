// Prepares the task of a run, by the task's name.
import type { BlockLengths } from '../data/text/blocks/longText.ts';
import { Problem } from '../protocol/problem.ts';
import type { TaskChoice } from '../protocol/task.ts';
import type { TrainRequest } from '../protocol/trainer.ts';
import type { Files } from '../store/files.ts';
import { makeScratch } from '../store/scratch.ts';
import { blockedDocuments, wholeDocuments } from '../store/textFile.ts';
import { prepareAcceptor } from '../tasks/acceptor/index.ts';
import { prepareEncoderDecoder } from '../tasks/encoderDecoder/index.ts';
import { prepareForecaster } from '../tasks/forecaster/index.ts';
import { prepareLanguageModel } from '../tasks/languageModel/index.ts';
import { prepareRegressor } from '../tasks/regressor/index.ts';
import type { PreparedTask, TaskRequest } from '../tasks/task.ts';
import { prepareTransducer } from '../tasks/transducer/index.ts';
import type { Controls } from '../training/controls.ts';

interface RunRequest extends TaskRequest {
  readonly request: Pick<TrainRequest, 'documents' | 'directory'>;
  /** The digest of the long text that an earlier run was trained on; null where there is none. */
  readonly digest: string | null;
  readonly files: Files;
  /** The commands to the run, one of which may stop it while a long text is read. */
  readonly controls: Controls;
  /** The lengths of the blocks in which a long text is read; undefined for the usual ones. */
  readonly blockLengths: BlockLengths | undefined;
}

/** @throws Problem when the data cannot be trained on, or the network cannot be computed */
export function prepareTask(choice: TaskChoice, asked: RunRequest): Promise<PreparedTask> {
  const { request, files, breathe } = asked;
  if (choice.kind === 'language model')
    return prepareLanguageModel({
      ...asked,
      reading: {
        documents: blockedDocuments(files, request.documents),
        digest: (parts) => files.digest(parts),
        scratch: () => makeScratch(files, request.directory),
        breathe,
        check: () => {
          if (asked.controls.isToStop)
            throw new Problem('The training was stopped while its text was read: nothing has been learned.');
        },
        lengths: asked.blockLengths,
      },
    });
  const whole = { ...asked, request: { documents: wholeDocuments(files, request.documents) } };
  switch (choice.kind) {
    case 'acceptor':
      return prepareAcceptor({ ...whole, choice });
    case 'regressor':
      return prepareRegressor({ ...whole, choice });
    case 'transducer':
      return prepareTransducer({ ...whole, choice });
    case 'encoder-decoder':
      return prepareEncoderDecoder({ ...whole, choice });
    case 'forecaster':
      return prepareForecaster({ ...whole, choice });
  }
}
