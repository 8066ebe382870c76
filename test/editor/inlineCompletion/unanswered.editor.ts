// VS Code's requests that got no suggestion are repeated, without a key press, when there may be one.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import {
  ConfigurationTarget,
  commands,
  type Disposable,
  EventEmitter,
  InlineCompletionItem,
  languages,
  Position,
  type TextDocument,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import { CompletionProvider } from '../../../src/editor/inlineCompletion/inlineCompletionProvider.ts';
import { registerCompletion } from '../../../src/editor/inlineCompletion/registerCompletion.ts';
import { Unanswered } from '../../../src/editor/inlineCompletion/unanswered.ts';
import type { SuggestRequest } from '../../../src/protocol/predictor.ts';

/** VS Code's list of words offers nothing behind it: a selected word would count as typed. */
const key = ';';

describe('without a key, a suggestion is asked for again when', () => {
  const model = { directory: 'model', manifest: { weights: 'weights-1.safetensors', text: 'text-1.txt' } };
  let models: { for(document: TextDocument): typeof model | undefined };
  let suggestions: { paused: boolean; show(): void };
  let changes: EventEmitter<void>;
  /** The text before the cursor in each request to the predictor, and the predictor's answer. */
  let requests: string[];
  let answer: (request: SuggestRequest) => Promise<string[]> | string[];
  let heard: () => void;
  let questions: number;
  let questioned: () => void;
  let disposables: Disposable[];
  let editor: TextEditor;

  beforeEach(async () => {
    [requests, questions] = [[], 0];
    [heard, questioned] = [() => {}, () => {}];
    answer = () => ['one'];
    models = { for: () => model };
    suggestions = { paused: false, show() {} };
    changes = new EventEmitter();
    const predictor = {
      know() {},
      suggest: async (request: SuggestRequest) => {
        requests.push(request.before);
        heard();
        return (await answer(request)).map((text) => ({ text, probability: 1 }));
      },
    };
    const diary = { problem() {} };
    const provider = new CompletionProvider(
      { for: (document: TextDocument) => models.for(document) } as never,
      predictor as never,
      suggestions as never,
      diary as never,
      { for: () => null } as never,
    );
    const counting = {
      provideInlineCompletionItems: async (
        ...asked: Parameters<typeof provider.provideInlineCompletionItems>
      ) => {
        const items = await provider.provideInlineCompletionItems(...asked);
        questions++;
        questioned();
        return items;
      },
    };
    const content = 'line\n';
    editor = await window.showTextDocument(
      await workspace.openTextDocument({ content, language: 'plaintext' }),
    );
    await commands.executeCommand('cursorBottom');
    disposables = [provider, changes, registerCompletion(counting, 'unroll.unroll', [changes.event])];
  });
  // The text stays open, because another untitled text would get its name and, for a moment, its backup.
  afterEach(() => {
    for (const disposable of disposables) disposable.dispose();
  });

  const set = (name: string, to: unknown) =>
    workspace.getConfiguration('unroll.completion').update(name, to, ConfigurationTarget.Global);

  /** Resolves when VS Code has asked, and been answered, once more. */
  const question = () =>
    new Promise<void>((resolve) => {
      questioned = resolve;
    });
  const request = () =>
    new Promise<void>((resolve) => {
      heard = resolve;
    });

  /** Types, and waits until that has led to a request, which gets no suggestion. */
  async function typeInVain(): Promise<void> {
    const asked = question();
    await commands.executeCommand('type', { text: key });
    await asked;
  }

  it('a model is there', async () => {
    models = { for: () => undefined };
    await typeInVain();
    deepStrictEqual(requests, []);
    models = { for: () => model };
    const asked = request();
    changes.fire();
    await asked;
    deepStrictEqual(requests, ['line\n;']);
  });

  it('suggestions are resumed', async () => {
    suggestions.paused = true;
    await typeInVain();
    suggestions.paused = false;
    const asked = request();
    changes.fire();
    await asked;
    deepStrictEqual(requests, ['line\n;']);
  });

  for (const [name, off] of [
    ['enabled', false],
    ['trigger', 'explicit'],
  ] as const)
    it(`the setting ${name} is another`, async () => {
      await set(name, off);
      try {
        await typeInVain();
        deepStrictEqual(requests, []);
        const asked = request();
        await set(name, undefined);
        await asked;
        deepStrictEqual(requests, ['line\n;']);
      } finally {
        await set(name, undefined);
      }
    });

  it('the text has another language', async () => {
    models = { for: ({ languageId }) => (languageId === 'markdown' ? model : undefined) };
    await typeInVain();
    const asked = request();
    await languages.setTextDocumentLanguage(editor.document, 'markdown');
    await asked;
    deepStrictEqual(requests, ['line\n;']);
  });

  it('the model has nothing to say, and then there is a better one', async () => {
    answer = () => [];
    await typeInVain();
    for (let models = 2; models < 5; models++) {
      const asked = question();
      changes.fire();
      await asked;
      strictEqual(requests.length, models);
    }
  });

  it('a better model comes while the answer is awaited', async () => {
    const waiting = Promise.withResolvers<string[]>();
    answer = () => waiting.promise;
    const first = request();
    await commands.executeCommand('type', { text: key });
    await first;
    changes.fire();
    const second = request();
    answer = () => ['one'];
    waiting.resolve([]);
    await second;
    deepStrictEqual(requests, ['line\n;', 'line\n;']);
  });

  it('the text is in front again after a change', async () => {
    models = { for: () => undefined };
    await typeInVain();
    const { document } = editor;
    const other = await workspace.openTextDocument({ content: 'another' });
    await window.showTextDocument(other);
    models = { for: (each) => (each === document ? model : undefined) };
    changes.fire();
    deepStrictEqual(requests, []);
    const asked = request();
    await window.showTextDocument(document);
    await asked;
    deepStrictEqual(requests, ['line\n;']);
  });

  it('the extension is there, where the text was typed before', async () => {
    disposables.pop()!.dispose();
    await commands.executeCommand('type', { text: key });
    const provided = new Promise<Position>((resolve) => {
      const provider = {
        provideInlineCompletionItems: (_: TextDocument, position: Position) => {
          resolve(position);
          return [];
        },
      };
      disposables.push(registerCompletion(provider, 'unroll.unroll', [changes.event]));
    });
    changes.fire();
    ok((await provided).isEqual(new Position(1, 1)));
  });

  it('VS Code has made no request for the last key', async () => {
    disposables.pop()!.dispose();
    const told = Promise.withResolvers<void>();
    // No provider is registered, so that no request can come from VS Code.
    const unanswered = new Unanswered(() => told.resolve());
    disposables.push(unanswered);
    await commands.executeCommand('type', { text: key });
    unanswered.changed();
    await told.promise;
  });

  it('inline suggestions are turned on, and not before', async () => {
    disposables.pop()!.dispose();
    let times = 0;
    const unanswered = new Unanswered(() => times++);
    disposables.push(unanswered);
    const configuration = workspace.getConfiguration('editor.inlineSuggest');
    await configuration.update('enabled', false, ConfigurationTarget.Global);
    try {
      await commands.executeCommand('type', { text: key });
      unanswered.changed();
      strictEqual(times, 0);
      await configuration.update('enabled', undefined, ConfigurationTarget.Global);
      unanswered.changed();
      strictEqual(times, 1);
    } finally {
      await configuration.update('enabled', undefined, ConfigurationTarget.Global);
    }
  });

  it('there is a suggestion now, and the one of another extension stays in front of it', async () => {
    const other = { provideInlineCompletionItems: () => [new InlineCompletionItem('another')] };
    disposables.push(languages.registerInlineCompletionItemProvider({ pattern: '**' }, other));
    answer = () => [];
    await typeInVain();
    answer = ({ count }) => ['one', 'two'].slice(0, count);
    const asked = question();
    changes.fire();
    await asked;
    // VS Code answers this command when it has what the extension has made it ask for.
    await commands.executeCommand('editor.action.inlineSuggest.trigger', {
      explicit: false,
      providerId: 'unroll.unroll:*',
    });
    await commands.executeCommand('editor.action.inlineSuggest.commit');
    strictEqual(editor.document.getText(), 'line\n;another');
    deepStrictEqual(requests, ['line\n;', 'line\n;']);
  });

  it('there is a suggestion now, and there was a provider at any time', async () => {
    disposables.pop()!.dispose();
    const register = languages.registerInlineCompletionItemProvider;
    let registered = 0;
    const least: number[] = [];
    languages.registerInlineCompletionItemProvider = (...provider) => {
      const registration = register(...provider);
      registered++;
      return {
        dispose() {
          registration.dispose();
          least.push(--registered);
        },
      };
    };
    try {
      const provided: (() => void)[] = [];
      const provider = {
        provideInlineCompletionItems: () => {
          provided.shift()?.();
          return [];
        },
      };
      disposables.push(registerCompletion(provider, 'unroll.unroll', [changes.event]));
      const asked = () => new Promise<void>((resolve) => provided.push(resolve));
      const first = asked();
      await commands.executeCommand('type', { text: key });
      await first;
      const second = asked();
      changes.fire();
      await second;
      deepStrictEqual(least, [1]);
    } finally {
      languages.registerInlineCompletionItemProvider = register;
    }
  });

  for (const [name, isVain] of [
    ['VS Code has asked', false],
    ['the extension has VS Code ask again', true],
  ] as const)
    it(`and not while the user awaits alternatives, for which VS Code drops what ${name}`, async () => {
      const [first, users] = [Promise.withResolvers<string[]>(), Promise.withResolvers<string[]>()];
      answer = () => [];
      if (isVain) await typeInVain();
      const before = requests.length;
      const counts: number[] = [];
      answer = ({ count }) => {
        counts.push(count);
        return counts.length === 1 ? first.promise : users.promise;
      };
      const asked = request();
      if (isVain) changes.fire();
      else await commands.executeCommand('type', { text: key });
      await asked;
      const askedByUser = request();
      const shown = commands.executeCommand('editor.action.inlineSuggest.trigger');
      await askedByUser;
      const dropped = question();
      first.resolve(['one']);
      await dropped;
      changes.fire();
      users.resolve(['one', 'two']);
      await shown;
      await commands.executeCommand('editor.action.inlineSuggest.showNext');
      await commands.executeCommand('editor.action.inlineSuggest.commit');
      strictEqual(editor.document.getText(), 'line\n;two');
      ok(counts[1] > 1);
      strictEqual(requests.length, before + 2);
    });

  it('and not where the cursor stands elsewhere by then, or where there was a suggestion', async () => {
    models = { for: () => undefined };
    await typeInVain();
    models = { for: () => model };
    const moved = new Promise<void>((resolve) => {
      disposables.push(window.onDidChangeTextEditorSelection(() => resolve()));
    });
    await commands.executeCommand('cursorTop');
    await moved;
    changes.fire();
    await commands.executeCommand('cursorBottom');
    await typeInVain();
    changes.fire();
    await typeInVain();
    deepStrictEqual(requests, ['line\n;;', 'line\n;;;']);
    strictEqual(questions, 3);
  });
});
