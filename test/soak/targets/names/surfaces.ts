// Has the extension show a name and a text in every place where it shows any.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  columnsOf,
  comparisonMarkdown,
  labels,
  metricsOf,
  row,
} from '../../../../media/panel/tables/comparison.ts';
import type { RunSnapshot } from '../../../../src/protocol/run.ts';
import type { Extension } from '../../../host/vscode/extension.ts';
import { writeModel } from '../../../host/vscode/model.ts';
import type { MarkdownString } from '../../../host/vscode/values.ts';
import type { ShownText } from '../../../host/vscode/window.ts';

interface TreeItem {
  readonly label: string;
  readonly description: string;
  readonly tooltip: MarkdownString;
}

const cell = 'cell A\n  h[t] = tanh(W x[t] + U h[t-1] + b)\n';

export class Surfaces {
  readonly #extension: Extension;
  readonly #fake;
  #count = 0;

  private constructor(extension: Extension, fake: Awaited<ReturnType<typeof load>>) {
    this.#extension = extension;
    this.#fake = fake;
  }

  static async open(extension: Extension): Promise<Surfaces> {
    return new Surfaces(extension, await load());
  }

  /**
   * Shows a name and a text everywhere.
   * @returns all texts that were shown, and those of them that have to show the name
   */
  async show(
    name: string,
    text: string,
    failing: string,
  ): Promise<{ shown: readonly ShownText[]; names: readonly ShownText[] }> {
    const { host, lookAtItems, TextDocument, Uri } = this.#fake;
    host.clear();
    host.answers = {
      input: () => name,
      pick: (items) => items.slice(0, 1),
      open: () => undefined,
      action: () => undefined,
      edit: () => true,
    };
    const command = (id: string, ...values: unknown[]) => host.commands.get(`unroll.${id}`)!(...values);
    const file = Uri.file(join(this.#extension.workspace, name.replaceAll('/', '')));
    const open = (contents: string, uri = file, language = 'log') =>
      host.show(new TextDocument(uri, contents, language), [new this.#fake.Selection(0, 0, 0, 3)]);

    // These are a run that ends, one that fails, and one on a selection.
    this.#writeModel(name);
    open('one two three\n');
    await this.#whenListed(() => command('train'));
    lookAtItems();
    host.documents.length = 0;
    open(`${failing}${text}`);
    await command('train');
    await command('trainOnSelection');
    lookAtItems();
    // These are a file that cannot be read, one with secrets, one with a key, and a folder of which nothing
    // is read.
    await command('trainOnFile', file);
    host.documents.length = 0;
    open('one', Uri.file(join(file.fsPath, '.env')));
    await command('train');
    await command('generateText');
    host.documents.length = 0;
    open(`-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}`);
    await command('train');
    await command('trainOnFolder', file);

    this.#showModels(command);
    await this.#askAboutModels(command);
    await this.#showCell(text, command);
    await this.#showTokens(text);
    this.#showPanel(name, text);

    const shown = [...host.shown];
    const begins = /^(?:Training on |Unroll\\: |Trained on |Delete the model of |Train on )/;
    return {
      shown,
      names: shown.filter(
        ({ place, text }) => (place === 'tree item' || begins.test(text)) && !text.includes('…'),
      ),
    };
  }

  /** Writes a model in which the name is every text that a user may choose. */
  #writeModel(name: string): void {
    rmSync(this.#extension.models, { recursive: true, force: true });
    const directory = join(this.#extension.models, `model-${this.#count++}`);
    const texts = { source: name, pattern: `${name}/**`, languageId: name, engine: name, unroll: name };
    writeModel(directory, { title: name, cell: name, provenance: texts });
  }

  /** Resolves when the view of models shows the models that are on disk now. */
  async #whenListed(act: () => unknown): Promise<void> {
    const tree = this.#fake.host.tree as unknown as {
      onDidChangeTreeData(listener: () => void): { dispose(): void };
      getChildren(): { directory: string }[];
    };
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      const [first] = tree.getChildren();
      if (first?.directory.endsWith(`model-${this.#count - 1}`)) resolve();
    };
    const listener = tree.onDidChangeTreeData(look);
    await act();
    await promise;
    listener.dispose();
  }

  get #models(): unknown[] {
    return (this.#fake.host.tree as unknown as { getChildren(): unknown[] }).getChildren();
  }

  #showModels(_: unknown): void {
    const { host } = this.#fake;
    const tree = host.tree as unknown as { getTreeItem(model: unknown): TreeItem };
    for (const model of this.#models) {
      const { label, description, tooltip } = tree.getTreeItem(model);
      host.see('tree item', 'icons', label);
      host.see('tree item description', 'icons', description);
      host.seeMarkdown('tree item hover', tooltip);
    }
  }

  async #askAboutModels(command: (id: string, ...values: unknown[]) => unknown): Promise<void> {
    const { host } = this.#fake;
    for (const model of this.#models) {
      for (const id of ['renameModel', 'useModel', 'openSource', 'trainAgain', 'showRun', 'compareRun'])
        await command(id, model);
      await command('exportModel', model);
      await command('continueRun', model);
      await command('deleteModel', model, [model]);
    }
    this.#showModels(null);
    await command('compareCells');
    await command('deleteAll');
    await command('stopUsingModel', this.#models[0]);
    await command('renameModel', Object.assign({}, this.#models[0], {}));
    host.answers.input = () => undefined;
  }

  /** Shows the text as a line of a cell: in lenses, hovers, problems, quick fixes and the language status. */
  async #showCell(text: string, command: (id: string, ...values: unknown[]) => unknown): Promise<void> {
    const { host, lookAtItems, TextDocument, Uri } = this.#fake;
    const uri = Uri.file(join(this.#extension.workspace, 'a.rnn'));
    // The language support is loaded with the first cell.
    await command('newCell');
    for (const [index, written] of [
      cell,
      `${cell}  h[0] = ${text}\n`,
      `${text}\n${cell}`,
      `cell ${text}\n`,
    ].entries()) {
      const document = new TextDocument(uri.with({ query: String(index) }), written, 'rnn');
      host.show(document);
      const { length } = written;
      for (const provider of host.providers.get('code lens') ?? [])
        for (const { command } of provider.provideCodeLenses(document as never) as {
          command: { title: string };
        }[])
          host.see('code lens', 'icons', command.title);
      for (const provider of host.providers.get('hover') ?? [])
        for (let offset = 0; offset < length; offset++) {
          const hover = provider.provideHover(document as never, document.positionAt(offset) as never);
          host.seeMarkdown('hover of a cell', (hover as { contents?: MarkdownString } | null)?.contents);
        }
      await command('checkGradients');
      lookAtItems();
    }
  }

  /** Shows the text as a surprising token and as the expected one. */
  async #showTokens(text: string): Promise<void> {
    const { host, surpriseScale, unitScale } = this.#fake;
    const scale = surpriseScale({} as never, null as never);
    const value = { bits: 1, expected: [{ text, probability: 0.5 }] };
    host.seeMarkdown('hover of a token', scale.hover(value, text) as never);
    const { text: surprise, legend } = scale.summary([value], text);
    host.see('status bar', 'icons', surprise);
    host.seeMarkdown('status bar hover', legend as never);
    const place = { layer: 0, state: text, unit: 1 };
    const unit = { ...place, place, scale: 1, feature: 'digit', correlation: 0.5, best: true } as never;
    const ofUnit = unitScale({} as never, unit);
    host.seeMarkdown('hover of a token', ofUnit.hover(0.5, text) as never);
    host.seeMarkdown('status bar hover', ofUnit.summary([], text).legend as never);
  }

  /** Shows the names in the panel, as text and as Markdown to be copied. */
  #showPanel(name: string, text: string): void {
    const { host } = this.#fake;
    const run = {
      title: name,
      date: '',
      status: { kind: 'failed', message: text },
      start: null,
      progress: null,
    };
    const points = { steps: [], validations: [], probes: [], samples: [], notes: [] };
    const runs = [{ ...run, points }] as unknown as RunSnapshot[];
    const [label] = labels(runs);
    host.see('table of the panel', 'nothing', label);
    const metrics = metricsOf(runs);
    const rows = [row(label, runs[0], metrics)];
    host.seeMarkdown('copied table', comparisonMarkdown(columnsOf(metrics), rows));
  }
}

async function load() {
  const [window, documents, values, surprise, unit] = await Promise.all([
    import('../../../host/vscode/window.ts'),
    import('../../../host/vscode/documents.ts'),
    import('../../../host/vscode/values.ts'),
    import('../../../../src/editor/inText/tint/surprise.ts'),
    import('../../../../src/editor/inText/tint/unit.ts'),
  ]);
  return { ...window, ...documents, ...values, ...surprise, ...unit };
}
