// Checks what is asked about the rows of real documents, and what is done with the answers.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import {
  CancellationTokenSource,
  type CodeAction,
  commands,
  Disposable,
  EndOfLine,
  type Hover,
  InlineCompletionTriggerKind,
  languages,
  type MarkdownString,
  Position,
  Range,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import { ExpectedNumbers } from '../../../src/editor/table/expectedNumbers.ts';
import { rememberedTask, rememberTask } from '../../../src/editor/table/remembered.ts';
import { suggestInCell } from '../../../src/editor/table/suggestions.ts';
import { WrongRows } from '../../../src/editor/table/wrongRows.ts';
import type { FilledRow, RowsRequest, WrongRow } from '../../../src/protocol/rows.ts';
import { memento } from '../memento.ts';

const asAcceptor = { kind: 'acceptor', reads: ['text'], writes: 'label', heldOut: null } as const;

describe('documents of rows', () => {
  let asked: RowsRequest[];
  let rows: FilledRow[];
  let wrong: WrongRow[];
  let parts: never;
  let workspaceState: ReturnType<typeof memento>;
  let disposables: Disposable[];

  beforeEach(() => {
    [asked, rows, wrong, disposables] = [[], [], [], []];
    workspaceState = memento();
    const manifest = { weights: 'weights-1.safetensors', provenance: { source: 'table.csv' } };
    const model = { directory: 'model', manifest };
    parts = {
      context: { workspaceState },
      models: {
        for: (_: TextDocument, capability: string) => (capability === 'forecast' ? undefined : model),
      },
      suggestions: { paused: false, show() {} },
      diary: { problem: (_kind: string, message: string) => ok(false, message) },
      inspector: {
        ask: async (request: RowsRequest) => {
          asked.push(request);
          return request.kind === 'fill' ? { rows, column: 'label', problem: null } : wrong;
        },
      },
    } as never;
  });
  afterEach(() => Disposable.from(...disposables).dispose());

  async function open(content: string): Promise<TextDocument> {
    const document = await workspace.openTextDocument({ content });
    await window.showTextDocument(document);
    return document;
  }

  /** Settles when so many rows are underlined. Several changes may arrive as several events. */
  const underlined = (document: TextDocument, count: number) =>
    new Promise<void>((resolve) => {
      disposables.push(
        languages.onDidChangeDiagnostics(() => {
          if (languages.getDiagnostics(document.uri).length === count) resolve();
        }),
      );
    });

  const gap = (line: number, character: number, ...probabilities: number[]): FilledRow => ({
    line,
    last: line,
    given: '',
    candidates: probabilities.map((probability, index) => ({
      value: `class ${index}`,
      probability,
      text: `class ${index}`,
    })),
    cell: { from: { line, character }, to: { line, character } },
  });

  async function suggest(document: TextDocument, at: Position, isAsked = false) {
    const { Invoke, Automatic } = InlineCompletionTriggerKind;
    const context = {
      triggerKind: isAsked ? Invoke : Automatic,
      selectedCompletionInfo: undefined,
      requestUuid: '',
      requestIssuedDateTime: 0,
      earliestShownDateTime: 0,
    };
    const { token } = new CancellationTokenSource();
    const items = await suggestInCell(parts, document, at, context, token);
    return items.map(({ insertText }) => insertText);
  }

  it('get the likeliest label where it is sure enough, and others for who asks', async () => {
    const document = await open('text,label\na,\n');
    rows = [gap(1, 2, 0.6, 0.4)];
    deepStrictEqual(await suggest(document, new Position(1, 2)), ['class 0']);
    deepStrictEqual(asked, [
      {
        kind: 'fill',
        model: 'model',
        revision: 'weights-1.safetensors',
        passage: { head: '', text: 'text,label\na,\n', from: 1, to: 2 },
        of: 'missing',
      },
    ]);
    rows = [gap(1, 2, 0.5, 0.4)];
    deepStrictEqual(await suggest(document, new Position(1, 2)), []);
    deepStrictEqual(await suggest(document, new Position(1, 2), true), ['class 0', 'class 1']);
    deepStrictEqual(await suggest(document, new Position(1, 1), true), []);
  });

  it('get a number where its interval is narrow enough, and say the interval on hover', async () => {
    const document = await open('text,stars\na,\n');
    const number = (sharpness: number): FilledRow => ({
      ...gap(1, 2),
      candidates: [{ value: '4.2', probability: null, text: '4.2' }],
      interval: { lower: '3.1', upper: '5.3', level: 0.8, sharpness },
    });
    rows = [number(0.5)];
    deepStrictEqual(await suggest(document, new Position(1, 2)), ['4.2']);
    rows = [number(0.05)];
    deepStrictEqual(await suggest(document, new Position(1, 2)), []);
    deepStrictEqual(await suggest(document, new Position(1, 2), true), ['4.2']);
    disposables.push(new ExpectedNumbers(parts));
    const hovers = await commands.executeCommand<Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new Position(1, 1),
    );
    const said = hovers.flatMap(({ contents }) => contents.map((each) => (each as MarkdownString).value));
    // Markdown has backslashes before what would be markup.
    const plain = said.map((text) => text.replaceAll('\\', ''));
    ok(
      plain.some((text) => text.includes('4.2 (3.1 to 5.3)')),
      said.join(),
    );
  });

  it('are read around the cursor, with their first line', async () => {
    const lines = Array.from({ length: 500 }, (_, row) => `row ${row},`);
    const document = await open(`text,label\n${lines.join('\n')}`);
    // The passage begins forty lines before the row.
    rows = [gap(40, 8, 1)];
    deepStrictEqual(await suggest(document, new Position(300, 8)), ['class 0']);
    const [{ passage }] = asked as Extract<RowsRequest, { kind: 'fill' }>[];
    strictEqual(passage.head, 'text,label');
    strictEqual(passage.text.split('\n')[passage.from], 'row 299,');
    ok(passage.text.length < 2000);
  });

  it('among secrets are not read', async () => {
    const uri = Uri.parse('untitled:.env');
    const document = await workspace.openTextDocument(uri);
    rows = [gap(0, 0, 1)];
    deepStrictEqual(await suggest(document, new Position(0, 0), true), []);
    deepStrictEqual(asked, []);
  });

  it('are remembered, the latest choice of each document', async () => {
    const [one, other] = [Uri.parse('untitled:one'), Uri.parse('untitled:other')];
    await rememberTask(workspaceState, one, asAcceptor);
    await rememberTask(workspaceState, other, asAcceptor);
    await rememberTask(workspaceState, one, { kind: 'language model' });
    deepStrictEqual(rememberedTask(workspaceState, one), { kind: 'language model' });
    deepStrictEqual(rememberedTask(workspaceState, other), asAcceptor);
    strictEqual(rememberedTask(workspaceState, Uri.parse('untitled:none')), null);
  });

  it('that were trained on have their wrong rows underlined, each with its mend', async () => {
    const document = await open('text,label\na\n');
    const watcher = new WrongRows(parts);
    disposables.push(watcher);
    watcher.look(document);
    deepStrictEqual(asked, []);
    await rememberTask(workspaceState, document.uri, asAcceptor);
    const stretch = { from: { line: 1, character: 0 }, to: { line: 1, character: 1 } };
    const at = { line: 1, character: 1 };
    const mend = { from: at, to: at, title: 'Add the empty cell', text: ',' };
    wrong = [{ ...stretch, message: 'It has 1 column.', mend }];
    const shown = underlined(document, 1);
    watcher.look(document);
    await shown;
    const [{ message, range }] = languages.getDiagnostics(document.uri);
    strictEqual(message, 'It has 1 column.');
    deepStrictEqual(asked, [{ kind: 'wrong rows', text: 'text,label\na\n', choice: asAcceptor }]);
    const actions = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
    );
    const fix = actions.find(({ title }) => title === 'Add the empty cell')!;
    const gone = underlined(document, 0);
    wrong = [];
    await workspace.applyEdit(fix.edit!);
    strictEqual(document.lineAt(1).text, 'a,');
    await gone;
  });

  it('have mends for the rows as they are now, not as they were when they were underlined', async () => {
    const document = await open('text,label\nshort\n');
    await rememberTask(workspaceState, document.uri, asAcceptor);
    const watcher = new WrongRows(parts);
    disposables.push(watcher);
    const mended = (length: number): WrongRow[] => {
      const at = { line: 1, character: length };
      const mend = { from: at, to: at, title: 'Add the empty cell', text: ',' };
      return [{ from: { line: 1, character: 0 }, to: at, message: 'It has 1 column.', mend }];
    };
    wrong = mended(5);
    const shown = underlined(document, 1);
    watcher.look(document);
    await shown;
    wrong = mended(9);
    await window.activeTextEditor!.edit((edit) => edit.insert(new Position(1, 5), 'ened'));
    const actions = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new Range(1, 0, 1, 9),
    );
    await workspace.applyEdit(actions.find(({ title }) => title === 'Add the empty cell')!.edit!);
    strictEqual(document.lineAt(1).text, 'shortened,');
  });

  it('are read with their line ends as models know them', async () => {
    const document = await open('text,label\na,\n');
    await window.activeTextEditor!.edit((edit) => edit.setEndOfLine(EndOfLine.CRLF));
    rows = [gap(1, 2, 1)];
    deepStrictEqual(await suggest(document, new Position(1, 2)), ['class 0']);
    const [{ passage }] = asked as Extract<RowsRequest, { kind: 'fill' }>[];
    strictEqual(passage.text, 'text,label\na,\n');
  });
});
