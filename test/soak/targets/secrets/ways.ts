// Tries every way in which a text gets to be learned.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readDocuments, readOne } from '../../../../src/cli/documents.ts';
import type { Extension } from '../../../host/vscode/extension.ts';
import { writeModel } from '../../../host/vscode/model.ts';

/** A file, with the folder in which a glob or a training on a folder finds it. */
export interface Found {
  readonly path: string;
  readonly text: string;
  readonly folder: string;
}

const cell = 'cell A\n  h[t] = tanh(W x[t] + U h[t-1] + b)\n';

export class Ways {
  readonly #extension: Extension;
  readonly #fake;
  #models = 0;

  private constructor(extension: Extension, fake: Awaited<ReturnType<typeof load>>) {
    this.#extension = extension;
    this.#fake = fake;
  }

  static async open(extension: Extension): Promise<Ways> {
    return new Ways(extension, await load());
  }

  /**
   * Tries every way on a file.
   * @returns the text that has reached a learner, by the way's name
   */
  async learn(found: Found): Promise<Map<string, string>> {
    const learned = new Map<string, string>();
    const { host } = this.#fake;
    for (const [name, way] of Object.entries(this.#ways(found))) {
      host.clear();
      host.answers = {
        input: (value) => value,
        // The first of the cells to compare is picked.
        pick: (items) =>
          items
            .filter((item) => 'item' in (item as object) && (item as { item: { cell?: unknown } }).item.cell)
            .slice(0, 1),
        open: () => undefined,
        action: () => undefined,
        edit: () => true,
      };
      const said = await way().catch((error: Error) => {
        if (error.name === 'Problem') return '';
        throw error;
      });
      learned.set(name, `${said ?? ''}${await this.#extension.told()}`);
    }
    host.clear();
    return learned;
  }

  #ways({ path, text, folder }: Found): Record<string, () => Promise<string | undefined>> {
    const { host, TextDocument, Uri, Selection, Position } = this.#fake;
    const command = async (id: string, ...values: unknown[]): Promise<undefined> => {
      await host.commands.get(`unroll.${id}`)!(...values);
    };
    const uri = Uri.file(path);
    const open = (at = uri) => {
      const document = new TextDocument(at, text);
      host.show(document, [new Selection(0, 0, 0, text.length)]);
      return document;
    };
    const suggest = async (document: InstanceType<typeof TextDocument>) => {
      const [provider] = host.providers.get('inline completion')!.slice(-1);
      await provider.provideInlineCompletionItems(
        document as never,
        new Position(1, 0) as never,
        { triggerKind: 0 } as never,
        { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) } as never,
      );
      return undefined;
    };
    /** Runs a command with the document in front and all of it selected. */
    const opened = (id: string, at: typeof uri, ...values: unknown[]) => {
      open(at);
      return command(id, ...values);
    };
    return {
      'train on the file in front': () => opened('train', uri),
      'train on a selection': () => opened('trainOnSelection', uri),
      'train on a file of the explorer': () => command('trainOnFile', uri),
      'train on an earlier version of the file': () => opened('train', uri.with({ scheme: 'git' })),
      'train on a text of that name without a file': () => opened('train', uri.with({ scheme: 'untitled' })),
      'train on a folder': () => command('trainOnFolder', Uri.file(folder)),
      'train on a folder with the file open': () => opened('trainOnFolder', uri, Uri.file(folder)),
      'compare cells': () => opened('compareCells', uri),
      'train with a cell': async () => {
        open();
        host.show(new TextDocument(Uri.file(join(this.#extension.workspace, 'a.rnn')), cell, 'rnn'));
        await command('trainWithCell');
        return undefined;
      },
      'train again': async () => command('trainAgain', await this.#model(uri.toString(), text)),
      'let a run go on': async () => {
        await command('continueRun', await this.#model(uri.toString(), text));
        // The worker reads the text that is kept.
        const told = await this.#extension.told();
        return told.includes('"type":"continue"') ? text : told;
      },
      'suggestions in the file': async () => {
        await this.#model('file:///elsewhere', 'elsewhere');
        return suggest(open());
      },
      'suggestions beside the file': async () => {
        await this.#model('file:///elsewhere', 'elsewhere');
        open();
        const beside = new TextDocument(
          Uri.file(join(this.#extension.workspace, 'beside.txt')),
          'one\ntwo\n',
        );
        host.show(beside);
        return suggest(beside);
      },
      'text generated after it': async () => {
        await this.#model('file:///elsewhere', 'elsewhere');
        open();
        host.answers.pick = (items) => items.slice(0, 1);
        await command('generateText');
        return undefined;
      },
      'the command line, by name': async () => (await readDocuments([path])).documents.join(''),
      'the command line, by a glob': async () => {
        const { documents } = await readDocuments([`${folder}/**/{*,.*,.*/**/*}`]);
        return documents.join('');
      },
      'the command line, evaluating': () => readOne(path, false),
    };
  }

  /** Writes a model to disk that completes any plain text and was trained on this one. */
  async #model(uri: string, text: string): Promise<unknown> {
    const { models } = this.#extension;
    rmSync(models, { recursive: true, force: true });
    // Each time the model is a new one, because a model is not told again what it already knows.
    const directory = join(models, `model-${this.#models++}`);
    const model = writeModel(directory, { text, provenance: { uri } });
    await this.#extension.refresh();
    return model;
  }
}

async function load() {
  const [window, documents, values] = await Promise.all([
    import('../../../host/vscode/window.ts'),
    import('../../../host/vscode/documents.ts'),
    import('../../../host/vscode/values.ts'),
  ]);
  return { ...window, ...documents, ...values };
}
