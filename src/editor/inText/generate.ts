// The command 'Generate Text' lets the network alone continue a text, in a new document.
import {
  commands,
  l10n,
  Range,
  type TextDocument,
  type TextEditor,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import { type Generated, quotedRuns } from '../../protocol/inspector.ts';
import type { Model, Models } from '../models/models.ts';
import type { Diary } from '../report/diary.ts';
import { setting } from '../settings/settings.ts';
import { number, percent } from '../text/numberFormat.ts';
import { onDidCloseDocument } from '../ui/closedDocuments.ts';
import { say, withProgress } from '../ui/messages.ts';
import { inputLine, pick } from '../ui/quickInput.ts';
import type { InspectorClient } from '../workers/inspectorClient.ts';
import { modelFor } from './modelFor.ts';

/** The number of characters before the cursor that are read; more would change little. */
const contextLength = 2000;

/** The number of seeds to draw from. A larger seed would be too long to read off and type in. */
const seeds = 1_000_000;

/** @param generated gets the document before it is shown */
export async function generateText(
  models: Models,
  inspector: InspectorClient,
  diary: Diary,
  generated: (document: TextDocument) => void,
): Promise<void> {
  const editor = window.activeTextEditor;
  const model = await modelFor(models, editor?.document, 'generate');
  if (!model || !editor) return;
  const sampling = samplingOf(editor.document);
  const prompt = await askForPrompt(editor, sampling);
  if (prompt === undefined) return;
  const document = await workspace.openTextDocument({
    language: editor.document.languageId,
    content: prompt,
  });
  generated(document);
  await window.showTextDocument(document);
  const seed = setting('generate.seed', editor.document) ?? Math.floor(Math.random() * seeds);
  try {
    const written = await write(document, model, prompt, { ...sampling, seed }, inspector);
    if (written) void say.information(summaryOf(written, seed));
  } catch (error) {
    diary.problem('generation', `No text was generated: ${(error as Error).message}`);
    void say.error((error as Error).message);
  }
}

type Sampling = Readonly<Record<'length' | 'temperature' | 'topK' | 'topP', number>>;

/** Returns what the settings say for the text that is continued. */
const samplingOf = (document: TextDocument): Sampling => ({
  length: setting('generate.length', document),
  temperature: setting('generate.temperature', document),
  topK: setting('generate.topK', document),
  topP: setting('generate.topP', document),
});

/** Asks for the text to begin with; undefined when the user cancels. */
async function askForPrompt(
  { document, selection }: TextEditor,
  { length, temperature, topK, topP }: Sampling,
): Promise<string | undefined> {
  const cursor = document.offsetAt(selection.active);
  const before = document
    .getText(new Range(document.positionAt(cursor - contextLength), selection.active))
    .replace(/\r\n?/g, '\n');
  const how = [
    l10n.t('{0} characters', number(length)),
    l10n.t('temperature {0}', temperature),
    ...(topK > 0 ? [l10n.t('of the {0} likeliest', topK)] : []),
    ...(topP < 1 ? [l10n.t('of {0} % of the probability', percent(topP))] : []),
  ].join(', ');
  const [fromCursor, fromPrompt, change] = [
    { label: l10n.t('From the Cursor On'), description: l10n.t('continuing the text before it') },
    { label: l10n.t('From a Prompt …'), description: l10n.t('continuing what you type') },
    { label: l10n.t('Change Length, Temperature, Top-k, Top-p or Seed …'), description: how },
  ];
  const chosen = await pick([...(before === '' ? [] : [fromCursor]), fromPrompt, change], {
    placeHolder: l10n.t('Generate text: {0}', how),
  });
  if (chosen === fromCursor) return before;
  if (chosen === change) void commands.executeCommand('workbench.action.openSettings', 'unroll.generate');
  if (chosen !== fromPrompt) return undefined;
  return inputLine({ prompt: l10n.t('What the text begins with') });
}

/** Appends to the document until the text is complete, the command is cancelled or the document is closed. */
function write(
  document: TextDocument,
  { directory, manifest }: Model,
  prompt: string,
  sampling: Sampling & { readonly seed: number },
  inspector: InspectorClient,
): Thenable<Generated | null> {
  return withProgress(l10n.t('Generating text'), async (progress, token) => {
    const abort = new AbortController();
    const stop = () => abort.abort();
    const subscriptions = [
      token.onCancellationRequested(stop),
      onDidCloseDocument((closed) => closed === document && stop()),
    ];
    let edits: Thenable<unknown> = Promise.resolve();
    const append = (text: string) => {
      progress.report({ increment: (100 * text.length) / sampling.length });
      edits = edits.then(() => {
        // Each part is inserted as an edit at the end, so that the user's own changes in the meantime are
        // kept.
        if (document.isClosed) {
          stop();
          return false;
        }
        const edit = new WorkspaceEdit();
        edit.insert(document.uri, document.lineAt(document.lineCount - 1).range.end, text);
        return workspace.applyEdit(edit);
      });
    };
    try {
      const generated = await inspector.ask(
        {
          kind: 'generate',
          model: directory,
          revision: manifest.weights,
          prompt,
          ...sampling,
        },
        abort.signal,
        append,
      );
      await edits;
      return generated;
    } finally {
      for (const subscription of subscriptions) subscription.dispose();
    }
  });
}

function summaryOf({ length, quoted, longestQuote, compared }: Generated, seed: number): string {
  const [some, more] = quoted.map((share) => `${Math.round(100 * share)} %`);
  return l10n.t(
    'Generated {0} characters with seed {1}. {2} of them are quoted from the training text in runs of {3} characters or more, {4} in runs of {5} or more; the longest quotation has {6}. Compared with the last {7} characters of that text.',
    number(length),
    seed,
    some,
    quotedRuns[0],
    more,
    quotedRuns[1],
    number(longestQuote),
    number(compared),
  );
}
