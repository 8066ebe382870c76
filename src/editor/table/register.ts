// Registers what the editor does with documents of rows. Its code is loaded when the first of them needs it.
import {
  commands,
  Disposable,
  type InlineCompletionItemProvider,
  languages,
  type TextDocument,
  type TextEditor,
  type TextEditorSelectionChangeEvent,
  window,
} from 'vscode';
import { internalCommands, commands as names } from '../../contributions.ts';
import type { TableFeatures } from './index.ts';
import type { TableParts } from './parts.ts';
import { rememberedTask } from './remembered.ts';

export interface Table extends Disposable {
  readonly chooseTask: TableFeatures['chooseTask'];
  /** Provides what is missing in a row at the cursor, or else what another provider suggests. */
  over(provider: InlineCompletionItemProvider): InlineCompletionItemProvider;
  /** Looks again at the task that is remembered of the document in front. */
  follow(): void;
}

export function registerTable(parts: TableParts): Table {
  let loading: Promise<TableFeatures> | null = null;
  const load = () => {
    // The bundler makes a bundle of its own of what is imported by this path.
    loading ??= import('../table/index.ts').then(({ createTable }) => createTable(parts));
    return loading;
  };
  const isFilled = (document: TextDocument) => parts.models.for(document, 'fill', 'forecast') !== undefined;
  // VS Code asks for suggestions when something is typed, and an empty cell or a table's end is something to come to.
  const ask = ({ kind, selections: [{ isEmpty }], textEditor }: TextEditorSelectionChangeEvent) => {
    if (kind === undefined || !isEmpty || !isFilled(textEditor.document)) return;
    const asAtKey = { explicit: false, providerId: `${parts.context.extension.id}:*` };
    void commands.executeCommand('editor.action.inlineSuggest.trigger', asAtKey);
  };
  const watch = (editor: TextEditor | undefined) => {
    if (editor && rememberedTask(parts.context.workspaceState, editor.document.uri))
      void load().then((loaded) => loaded.watch(editor.document));
  };
  watch(window.activeTextEditor);
  const registered = Disposable.from(
    window.onDidChangeActiveTextEditor(watch),
    languages.registerHoverProvider(
      { pattern: '**' },
      {
        provideHover: async (document, ...asked) =>
          parts.models.for(document, 'rewrite') ? (await load()).hover(document, ...asked) : null,
      },
    ),
    window.onDidChangeTextEditorSelection(ask),
    commands.registerCommand(internalCommands.showRows, async (directory: string, lines: number[]) =>
      (await load()).showRows(directory, lines),
    ),
    ...(['fillColumn', 'showLabels', 'rewriteSelection'] as const).map((name) =>
      commands.registerCommand(names[name], async (hide?: boolean) => (await load())[name](hide)),
    ),
  );
  return {
    chooseTask: async (...asked) => (await load()).chooseTask(...asked),
    over: (provider) => ({
      async provideInlineCompletionItems(...asked) {
        const filled = isFilled(asked[0]) ? await (await load()).suggest(...asked) : [];
        return filled.length > 0 ? filled : provider.provideInlineCompletionItems(...asked);
      },
    }),
    follow: () => watch(window.activeTextEditor),
    dispose() {
      registered.dispose();
      void loading?.then((loaded) => loaded.dispose());
    },
  };
}
