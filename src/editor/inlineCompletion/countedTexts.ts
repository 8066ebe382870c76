// Texts without a model get suggestions from counts: the text of the run that has just begun, and, where the
// user has turned that on, any other text.
import { Disposable, EventEmitter, languages, RelativePattern, type TextDocument, Uri } from 'vscode';
import { untrainedCharacters } from '../../protocol/predictor.ts';
import type { TrainingDocument, TrainRequest } from '../../protocol/trainer.ts';
import type { Runs } from '../runs/runs.ts';
import { uriOf } from '../runs/trainingText.ts';
import { secretIn } from '../settings/secrets.ts';
import { setting } from '../settings/settings.ts';
import { plainText } from '../text/lineEnds.ts';
import type { PredictorClient } from '../workers/predictorClient.ts';

/** A text that the prediction worker counts. */
export interface CountedText {
  /** The name by which the worker knows it; for the text of a run, the folder of the model that is to come. */
  readonly model: string;
  /** Returns the documents of the text; null where they must not be read. */
  documents(): Promise<readonly TrainingDocument[] | null>;
}

export class CountedTexts implements Disposable {
  readonly #predictor: PredictorClient;
  readonly #changes = new EventEmitter<void>();
  readonly #listeners: Disposable;
  /** The request of the run that is under way. */
  #request: TrainRequest | null = null;

  /** Fires when a text is being counted for which there may have been no suggestions before. */
  readonly onDidChange = this.#changes.event;

  constructor(runs: Runs, predictor: PredictorClient) {
    this.#predictor = predictor;
    this.#listeners = Disposable.from(
      runs.onDidStart((request) => this.#count(request)),
      runs.onDidUpdate(() => {
        if (!runs.running) this.#request = null;
      }),
      runs.onDidDiscard(() => {
        this.#request = null;
      }),
    );
  }

  #count(request: TrainRequest): void {
    this.#request = null;
    if (!willSuggest(request)) return;
    this.#request = request;
    const { directory: model, documents } = request;
    this.#predictor.count({ model, documents });
    this.#changes.fire();
  }

  /** Returns what is counted for a document without a model; null where nothing is. */
  for(document: TextDocument): CountedText | null {
    const request = this.#request;
    if (request && covers(request, document))
      return { model: request.directory, documents: async () => request.documents };
    if (document.uri.scheme === 'output' || !setting('completion.untrained', document)) return null;
    return { model: `untrained ${document.uri}`, documents: () => endOf(document) };
  }

  dispose(): void {
    this.#listeners.dispose();
    this.#changes.dispose();
  }
}

/** Whether the model of a run is to suggest: a table's does not, nor one that reads backward. */
function willSuggest({ task, definition, settings }: TrainRequest): boolean {
  const says = (pattern: RegExp) => definition !== null && pattern.test(definition);
  if (task ? task.kind !== 'language model' : says(/^task\b/m)) return false;
  return settings['model.direction'] !== 'backward' && !says(/^\s+direction\s*=\s*backward/m);
}

/** Whether the document is, or belongs to, the text of a run. */
function covers({ uri, pattern }: TrainRequest, document: TextDocument): boolean {
  if (uri === null) return false;
  if (pattern !== null)
    return languages.match({ pattern: new RelativePattern(Uri.parse(uri), pattern) }, document) > 0;
  return uri.replace(/#.*/, '') === uriOf(document).toString();
}

/** Returns the end of a document; null where it has secrets. */
async function endOf(document: TextDocument): Promise<readonly string[] | null> {
  const whole = document.getText();
  const end = plainText(document, whole.length - untrainedCharacters, whole.length);
  return (await secretIn({ uri: document.uri, title: '' }, [whole])) === null ? [end] : null;
}
