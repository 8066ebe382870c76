// Runs the extension in a window of `window.ts`, with workers that do nothing but record the messages they
// get.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunProgress, RunStart } from '../../../src/protocol/run.ts';
import { Disposable } from './values.ts';
import { arrivals } from './workers.ts';

/** The prefix of a text on which a run is to fail, with the rest of the text as its message. */
export const failing = 'FAIL ';

/**
 * The prefix of a text whose run is judged by its accuracy. After it comes the accuracy of each cell by name,
 * as JSON; that of a run without a cell of its own is called `none`.
 */
export const judged = 'JUDGED ';

const judgedStart: RunStart = {
  task: 'acceptor',
  layers: 'GRU 1',
  engine: 'unroll',
  fallback: null,
  remarks: [],
  parameters: 1,
  vocabulary: 2,
  characters: 1,
  lossUnit: 'nats',
  metric: { name: 'accuracy', unit: '', lowerIsBetter: false },
  baselines: [{ name: 'commonest class', value: 0.4 }],
  seconds: 1,
  epochs: null,
};

const judgedProgress: RunProgress = {
  step: 1,
  seconds: 1,
  tokensPerSecond: 10,
  epoch: 1,
  fraction: 0.5,
  secondsLeft: 1,
  learningRate: 0.01,
  threshold: null,
};

/** The progress that the worker reports in the same second. */
const laterProgress: RunProgress = { ...judgedProgress, step: 2, seconds: 1.1, secondsLeft: 3 };

/**
 * Returns the script of a worker that notes each message, reports that a run has ended or failed, and answers
 * every request with nothing. A run whose text begins with ENDLESS does not end.
 */
const worker = (notes: string) => `
const { parentPort } = require('node:worker_threads');
const { appendFileSync } = require('node:fs');
const result = { end: 'budget', steps: 1, bestStep: 1, seconds: 1, trainLoss: 1, validationLoss: 1, characters: 1, tokens: 1, tokensPerSecond: 1 };
parentPort.on('message', (message) => {
  const { type, id, request } = message;
  // The laboratory's one examination, in which the cell's own text is what was found.
  if (request?.examination) {
    const finding = { kind: request.examination.kind, agrees: true, sentence: request.definition, text: '' };
    parentPort.postMessage({ type: 'answer', id, answer: finding });
    return;
  }
  appendFileSync(${JSON.stringify(notes)}, JSON.stringify(message) + '\\n');
  if (type !== 'request') return;
  if (request.type !== 'train' && request.type !== 'continue') {
    parentPort.postMessage({ type: 'answer', id, answer: [] });
    return;
  }
  const [text = ''] = request.request.documents ?? [];
  if (text.startsWith('ENDLESS ')) return;
  const emit = (event) => parentPort.postMessage({ type: 'event', event });
  const { directory } = request.request;
  if (text.startsWith(${JSON.stringify(judged)})) {
    const accuracies = JSON.parse(text.slice(${judged.length}));
    const metric = accuracies[request.request.cell ?? 'none'];
    emit({ type: 'started', start: ${JSON.stringify(judgedStart)} });
    emit({ type: 'progress', progress: ${JSON.stringify(judgedProgress)}, points: {
      steps: [{ step: 1, seconds: 1, loss: 0.5, gradientNorm: 1, clip: null }],
      validations: [{ step: 1, seconds: 1, loss: 0.6, metric }], probes: [], samples: [], notes: [],
    } });
    emit({ type: 'progress', progress: ${JSON.stringify(laterProgress)}, points: {
      steps: [{ step: 2, seconds: 1.1, loss: 0.5, gradientNorm: 1, clip: null }],
      validations: [], probes: [], samples: [], notes: [],
    } });
    emit({ type: 'done', result: { ...result, metric }, directory });
    parentPort.postMessage({ type: 'answer', id, answer: null });
  } else if (text.startsWith(${JSON.stringify(failing)}))
    parentPort.postMessage({ type: 'failed', id, message: text.slice(${failing.length}) });
  else {
    emit({ type: 'done', result, directory });
    parentPort.postMessage({ type: 'answer', id, answer: null });
  }
  parentPort.close();
});
`;

export class Extension {
  /** A temporary folder, which holds the workspace in `workspace` and the storage beside it. */
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'unroll-extension-')));
  readonly workspace = join(this.root, 'workspace');
  readonly models = join(this.root, 'User/workspaceStorage/1/unroll.unroll/models');
  readonly #notes = join(this.root, 'notes');
  readonly #subscriptions: { dispose(): void }[] = [];

  static async start(): Promise<Extension> {
    const extension = new Extension();
    const { root, workspace } = extension;
    mkdirSync(join(root, 'extension/out'), { recursive: true });
    mkdirSync(workspace);
    for (const name of ['trainer', 'predictor', 'inspector', 'sampler', 'exporter', 'laboratory'])
      writeFileSync(join(root, 'extension/out', `${name}.cjs`), worker(extension.#notes));
    await extension.restart();
    return extension;
  }

  /** Deactivates the extension and activates it again, as a reload of the window does. */
  async restart(): Promise<void> {
    Disposable.from(...this.#subscriptions.splice(0)).dispose();
    const { host } = await import('./window.ts');
    const { Uri } = await import('./documents.ts');
    host.clear();
    host.folder = Uri.file(this.workspace);
    const { activate } = await import('../../../src/extension.ts');
    const memento = () => {
      const values = new Map<string, unknown>();
      return {
        keys: () => [...values.keys()],
        get: (key: string, otherwise?: unknown) => (values.has(key) ? values.get(key) : otherwise),
        update: async (key: string, value: unknown) => void values.set(key, value),
      };
    };
    activate({
      subscriptions: this.#subscriptions,
      extensionUri: Uri.file(join(this.root, 'extension')),
      storageUri: Uri.file(join(this.models, '..')),
      globalStorageUri: Uri.file(join(this.root, 'User/globalStorage/unroll.unroll')),
      workspaceState: memento(),
      globalState: memento(),
      extension: { id: 'unroll.unroll', packageJSON: { version: '0' } },
    } as never);
  }

  /** Returns the messages that were posted to the workers since the last call, once they have arrived. */
  async told(): Promise<string> {
    await arrivals();
    if (!existsSync(this.#notes)) return '';
    const notes = readFileSync(this.#notes, 'utf8');
    writeFileSync(this.#notes, '');
    return notes;
  }

  /** Has the window read the models on disk, as it does after one is deleted. */
  async refresh(): Promise<void> {
    const { host } = await import('./window.ts');
    const { action } = host.answers;
    host.answers.action = ([first]) => first;
    const none = {
      directory: join(this.models, 'none'),
      manifest: { provenance: { source: '', pattern: null } },
    };
    await host.commands.get('unroll.deleteModel')!(none, [none]);
    host.answers.action = action;
  }

  dispose(): void {
    Disposable.from(...this.#subscriptions).dispose();
    rmSync(this.root, { recursive: true, force: true });
  }
}
