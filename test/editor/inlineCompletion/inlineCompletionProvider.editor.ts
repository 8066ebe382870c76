// Checks what is asked of the prediction worker and how its answers are used, with documents of a real
// editor.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import {
  CancellationTokenSource,
  ConfigurationTarget,
  commands,
  EndOfLine,
  InlineCompletionTriggerKind,
  Range,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { CountedText } from '../../../src/editor/inlineCompletion/countedTexts.ts';
import { CompletionProvider } from '../../../src/editor/inlineCompletion/inlineCompletionProvider.ts';
import { counted, type KnowNotice, type SuggestRequest } from '../../../src/protocol/predictor.ts';

type Told = Omit<KnowNotice, 'type'>;

describe('suggestions', () => {
  const model = { directory: 'model', manifest: { weights: 'weights-1.safetensors', text: 'text-1.txt' } };
  let requests: SuggestRequest[];
  let known: Told[];
  let answers: string[];
  let isTrained: boolean;
  let problem: Error | null;
  let refreshes: number;
  let text: CountedText | null;
  let provider: CompletionProvider;
  let document: TextDocument;
  let cancellation: CancellationTokenSource;

  beforeEach(() => {
    [requests, known, answers] = [[], [], []];
    cancellation = new CancellationTokenSource();
    [isTrained, text] = [true, null];
    [problem, refreshes] = [null, 0];
    const models = {
      // Each reading of the list makes new objects.
      for: () => (isTrained ? { ...model } : undefined),
      refresh: async () => {
        refreshes++;
      },
    };
    const predictor = {
      know: (told: Told) => known.push(told),
      suggest: async (request: SuggestRequest) => {
        requests.push(request);
        if (problem) throw problem;
        return answers.slice(0, request.count).map((text) => ({ text, probability: 1 }));
      },
    };
    const suggestions = { paused: false, show() {} };
    const diary = { problem: (_kind: string, message: string) => ok(problem, message) };
    provider = new CompletionProvider(
      models as never,
      predictor as never,
      suggestions as never,
      diary as never,
      { for: () => text } as never,
    );
  });
  afterEach(() => provider.dispose());

  async function open(content: string, eol = EndOfLine.LF): Promise<void> {
    document = await workspace.openTextDocument({ content });
    const editor = await window.showTextDocument(document);
    await editor.edit((edit) => edit.setEndOfLine(eol));
    await commands.executeCommand('cursorBottom');
  }

  const end = () => document.positionAt(document.getText().length);

  async function ask({ asked = false, at = end(), selected = {} } = {}) {
    const { Invoke, Automatic } = InlineCompletionTriggerKind;
    const context = {
      triggerKind: asked ? Invoke : Automatic,
      selectedCompletionInfo: undefined,
      ...selected,
    };
    return provider.provideInlineCompletionItems(document, at, context, cancellation.token);
  }
  const texts = async (how = {}) => (await ask(how)).map(({ insertText }) => insertText);
  const type = (text: string) => commands.executeCommand('type', { text });

  it('are one while one types, and several for who asks; what is shown stays the first', async () => {
    await open('a ');
    answers = ['one', 'two', 'three'];
    deepStrictEqual(await texts(), ['one']);
    answers = ['won', 'one more', 'two'];
    deepStrictEqual(await texts({ asked: true }), ['one', 'won', 'two']);
    await type('w');
    deepStrictEqual(await texts(), ['won']);
    strictEqual(requests.length, 2);
  });

  it('are asked for where lines end with two characters as where they end with one', async () => {
    const content = 'red green blue\n'.repeat(100);
    const ends = [];
    for (const eol of [EndOfLine.LF, EndOfLine.CRLF]) {
      await open(content, eol);
      strictEqual(document.eol, eol);
      requests = [];
      await ask();
      const [{ offset, before }] = requests;
      strictEqual(content.slice(offset), before);
      ends.push(offset + before.length);
    }
    deepStrictEqual(ends, [content.length, content.length]);
  });

  it('stay what they are over the end of a line of two characters', async () => {
    await open('a ', EndOfLine.CRLF);
    answers = ['b\nc'];
    await ask();
    await type('b');
    await type('\n');
    deepStrictEqual(await texts(), ['c']);
  });

  it('take no more of a line than matters, were it as long as a file', async () => {
    await open('word '.repeat(200_000));
    await ask({ at: document.positionAt(500_002) });
    const [{ before, after }] = requests;
    ok(before.length <= 512 && before.endsWith('word wo'), before);
    ok(after.length <= 1000 && after.startsWith('rd word'), after);
    ok(known.every(({ text }) => text.length <= 200_000));
  });

  it('come from a text that is counted where there is no model, and are not shared with others', async () => {
    isTrained = false;
    await open('a ');
    answers = ['one'];
    deepStrictEqual(await texts(), []);
    strictEqual(requests.length, 0);
    text = { model: 'folder', documents: async () => ['a one'] };
    deepStrictEqual(await texts(), ['one']);
    strictEqual(requests[0].model, 'folder');
    strictEqual(requests[0].revision, counted);
    deepStrictEqual(known, []);
    // A model of the same folder goes on with what was shown.
    [isTrained, answers] = [true, ['two']];
    model.directory = 'folder';
    await type('o');
    deepStrictEqual(await texts(), ['one']);
    strictEqual(requests.length, 1);
    model.directory = 'model';
  });

  it('have the models read again where theirs cannot be read, once for each', async () => {
    await open('a ');
    problem = new Error('There is no whole Unroll model.');
    deepStrictEqual(await texts(), []);
    deepStrictEqual(await texts(), []);
    strictEqual(refreshes, 1);
    model.directory = 'folder';
    deepStrictEqual(await texts(), []);
    strictEqual(refreshes, 2);
    model.directory = 'model';
  });

  it('agree with what the list has selected', async () => {
    await open('a.fo');
    answers = ['ward()'];
    const range = new Range(0, 2, 0, 4);
    const selected = { selectedCompletionInfo: { range, text: 'for' } };
    const [item] = await ask({ selected });
    strictEqual(item.insertText, 'forward()');
    ok(item.range?.isEqual(range));
    strictEqual(requests[0].before, 'a.for');
    strictEqual(requests[0].typed, 0);
    strictEqual(document.getText(), 'a.fo');
  });

  for (const [name, value, automatic, onRequest] of [
    ['enabled', false, [], []],
    ['trigger', 'explicit', [], ['one', 'two']],
    ['trigger', 'automatic', ['one'], ['one', 'two']],
  ] as const)
    it(`come as ${name} = ${value} says for the language`, async () => {
      const configuration = workspace.getConfiguration('unroll.completion', { languageId: 'plaintext' });
      const set = (to: unknown) => configuration.update(name, to, ConfigurationTarget.Global, true);
      await open('a ');
      answers = ['one', 'two'];
      await set(value);
      try {
        deepStrictEqual(await texts(), automatic);
        deepStrictEqual(await texts({ asked: true }), onRequest);
      } finally {
        await set(undefined);
      }
    });

  it('are none when they are no longer wanted', async () => {
    await open('a ');
    answers = ['one'];
    cancellation.cancel();
    deepStrictEqual(await texts(), []);
  });

  it('let learn what was typed, once', async () => {
    await open('a ');
    await type('b');
    await type('c');
    await ask();
    await ask();
    await type('d');
    await ask();
    deepStrictEqual(
      requests.map(({ typed }) => typed),
      [2, 0, 1],
    );
  });

  it('let learn what was accepted from the list', async () => {
    await open('a.');
    await type('w');
    await type('r');
    const range = new Range(0, 2, 0, 4);
    await ask({ selected: { selectedCompletionInfo: { range, text: 'forward' } } });
    await window.activeTextEditor!.edit((edit) => edit.replace(range, 'forward'));
    await ask();
    deepStrictEqual(
      requests.map(({ typed }) => typed),
      [0, 7],
    );
  });

  it('know what is open, but for the line that is being typed, once', async () => {
    await open('first line\nthe last');
    await ask();
    await ask();
    const texts = known.map(({ text }) => text);
    strictEqual(texts.filter((text) => text === 'first line\n').length, 1);
    ok(!texts.some((text) => text.includes('the last')));
  });

  it('are none among secrets, whose text is not made known either', async () => {
    const uri = Uri.joinPath(workspace.workspaceFolders![0].uri, '.env');
    await workspace.fs.writeFile(uri, Buffer.from('KEY=hidden\n'));
    document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document);
    answers = ['one'];
    deepStrictEqual(await texts({ asked: true }), []);
    await open('a ');
    await ask();
    strictEqual(requests.length, 1);
    ok(!known.some(({ text }) => text.includes('hidden')));
  });
});
