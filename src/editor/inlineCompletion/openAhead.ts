// Has the model of the text in front opened before the first key. VS Code waits 750 ms for ghost text in a text where it
// also has a list of suggestions, and then opens the list and drops the request. Starting the worker and opening a model take
// a part of that time, and on a busy machine more than all of it.
import { type Disposable, InlineCompletionTriggerKind } from 'vscode';
import type { FrontModel } from '../models/frontModel.ts';
import type { Models } from '../models/models.ts';
import type { PredictorClient } from '../workers/predictorClient.ts';
import type { Suggestions } from './suggestionState.ts';
import { areWanted, isAskedFor } from './wanted.ts';

export interface OpenAheadParts {
  readonly models: Pick<Models, 'for'>;
  readonly front: Pick<FrontModel, 'document' | 'onDidChange'>;
  readonly predictor: Pick<PredictorClient, 'open'>;
  readonly suggestions: Pick<Suggestions, 'paused'>;
}

export function openAhead({ models, front, predictor, suggestions }: OpenAheadParts): Disposable {
  let opened = '';

  async function open(): Promise<void> {
    const { document } = front;
    const model = document && models.for(document, 'suggest');
    // A run that is not over saves states that would be opened in vain while nobody types.
    if (!document || !model?.manifest.finished || !isAskedFor(document)) return;
    if (!(await areWanted(document, { triggerKind: InlineCompletionTriggerKind.Automatic }, suggestions)))
      return;
    const { directory, manifest } = model;
    const reference = { model: directory, revision: manifest.weights };
    const name = JSON.stringify(reference);
    if (name === opened) return;
    opened = name;
    predictor.open(reference);
  }

  void open();
  return front.onDidChange(() => void open());
}
