// The command 'Rewrite Selection' rewrites the selected lines, or what of a line is selected: as edits that VS Code's
// refactoring preview shows side by side, and of which each can be taken or left.
import {
  l10n,
  Range,
  type Selection,
  type TextDocument,
  type TextEditor,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import type { FilledRow, Stretch } from '../../protocol/rows.ts';
import { shown } from '../../protocol/shownText.ts';
import { capabilitiesOf } from '../../store/capabilities.ts';
import { mayBeRead, modelFor } from '../inText/modelFor.ts';
import type { Model, Models } from '../models/models.ts';
import { number } from '../text/numberFormat.ts';
import { say, withProgress } from '../ui/messages.ts';
import { pick } from '../ui/quickInput.ts';
import { fillRows } from './fillRows.ts';
import type { TableParts } from './parts.ts';
import { type Rewritten, rewrittenRow } from './rewrittenRow.ts';

export async function rewriteSelection(parts: TableParts): Promise<void> {
  const editor = window.activeTextEditor;
  const model = await chooseModel(parts.models, editor?.document);
  if (!editor || !model) return;
  const { document } = editor;
  const { version } = document;
  const found = await readSelection(parts, model, editor);
  if (!found) return;
  if (document.version !== version) {
    void say.warning(l10n.t('The text has changed in the meantime: rewrite the selection again.'));
    return;
  }
  const changed = found.filter(({ from, to, text }) => document.getText(rangeOf({ from, to })) !== text);
  if (changed.length === 0) {
    void say.information(
      found.length > 0
        ? l10n.t('The model would leave these lines as they are.')
        : l10n.t('There is nothing to rewrite in the selection.'),
    );
    return;
  }
  const edit = new WorkspaceEdit();
  for (const each of changed)
    edit.replace(document.uri, rangeOf(each), each.text, {
      label: l10n.t('Rewrite Selection'),
      description: shown(descriptionOf(each)),
      needsConfirmation: true,
    });
  await workspace.applyEdit(edit);
}

/** Returns the model of the document, or one that the user picks; null if there is none. */
async function chooseModel(models: Models, document: TextDocument | undefined): Promise<Model | null> {
  const able = models.all.filter(({ manifest }) => capabilitiesOf(manifest).has('rewrite'));
  if (!document || able.length === 0 || models.whenAsked(document, 'rewrite'))
    return modelFor(models, document, 'rewrite');
  if (!(await mayBeRead(document))) return null;
  const picked = await pick(
    able.map((model) => {
      const { reads, writes } = model.manifest.pairs!;
      const description = l10n.t('{0} as {1}', reads.join(', '), writes);
      return { label: model.manifest.provenance.source, description, model };
    }),
    { title: l10n.t('Rewrite Selection'), placeHolder: l10n.t('The model that rewrites these lines') },
  );
  return picked?.model ?? null;
}

/** Resolves to the rewritten lines and their places; null if that was cancelled, or failed, which the user is told. */
async function readSelection(
  { inspector, diary }: TableParts,
  model: Model,
  { document, selection }: TextEditor,
): Promise<Rewritten[] | null> {
  try {
    return await withProgress(l10n.t('Rewriting the selection'), async (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const { start, end, isSingleLine, isEmpty } = selection;
      if (isSingleLine && !isEmpty) {
        const reference = { model: model.directory, revision: model.manifest.weights };
        const passage = { head: '', text: document.getText(selection).toWellFormed(), from: 0, to: 1 };
        const filled = await inspector.ask({ kind: 'fill', ...reference, passage, of: 'all' }, abort.signal);
        return filled?.rows.slice(0, 1).map((row) => rewrittenRow(row, { from: start, to: end })) ?? null;
      }
      const lines = linesOf(selection);
      const filled = await fillRows(inspector, model, document, lines, 'all', abort.signal);
      return filled?.rows.map((row) => rewrittenRow(row, placeOf(document, row))) ?? null;
    });
  } catch (error) {
    diary.problem('inspection', (error as Error).message);
    void say.error((error as Error).message);
    return null;
  }
}

/** Returns the first line of a selection and the one after its last; one that ends before its first character is left. */
const linesOf = ({ start, end }: Selection): [number, number] => [
  start.line,
  end.line > start.line && end.character === 0 ? end.line : end.line + 1,
];

/** Returns the place of the text of a row's line, without the space around it. */
function placeOf(document: TextDocument, { line }: FilledRow): Stretch {
  const { text, firstNonWhitespaceCharacterIndex } = document.lineAt(line);
  return {
    from: { line, character: firstNonWhitespaceCharacterIndex },
    to: { line, character: text.trimEnd().length },
  };
}

function descriptionOf({ probability, unseen }: Rewritten): string {
  const sure = l10n.t('{0} % sure', number(Math.floor(100 * probability)));
  return unseen.length === 0 ? sure : `${sure}; ${l10n.t('the training never saw {0}', unseen.join(', '))}`;
}

const rangeOf = ({ from, to }: Pick<Rewritten, 'from' | 'to'>): Range =>
  new Range(from.line, from.character, to.line, to.character);
