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
import { Disposable } from './values.ts';
import { arrivals } from './workers.ts';

/** The prefix of a text on which a run is to fail, with the rest of the text as its message. */
export const failing = 'FAIL ';

/**
 * Returns the script of a worker that notes each message, reports that a run has ended or failed, and answers
 * every request with nothing. A run whose text begins with ENDLESS does not end.
 */
const worker = (notes: string) => `
const { parentPort, workerData } = require('node:worker_threads');
const { appendFileSync } = require('node:fs');
const result = { end: 'budget', steps: 1, bestStep: 1, seconds: 1, trainLoss: 1, validationLoss: 1, characters: 1, tokens: 1, tokensPerSecond: 1 };
// The laboratory's one examination, in which the cell's own text is what was found.
if (workerData?.examination) parentPort.postMessage({ type: 'found', finding: { kind: workerData.examination.kind, agrees: true, sentence: workerData.definition, text: '' } });
else parentPort.on('message', (message) => {
  appendFileSync(${JSON.stringify(notes)}, JSON.stringify(message) + '\\n');
  if (message.type === 'train' || message.type === 'continue') {
    const [text = ''] = message.request.documents ?? [];
    if (text.startsWith('ENDLESS ')) return;
    const failed = text.startsWith(${JSON.stringify(failing)});
    parentPort.postMessage(failed ? { type: 'failed', message: text.slice(${failing.length}) } : { type: 'done', result, directory: message.request.directory });
    parentPort.close();
  }
  if (message.type === 'ask') parentPort.postMessage({ type: 'answer', id: message.id, answer: [] });
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
