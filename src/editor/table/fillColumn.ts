// The command 'Fill Column' writes a value into every empty cell of which the model is sure enough: as one
// edit, which is looked at before.
import { l10n, type QuickPickItem, Range, type TextDocument, WorkspaceEdit, window, workspace } from 'vscode';
import type { FilledRow, FilledRows } from '../../protocol/rows.ts';
import { shown } from '../../protocol/shownText.ts';
import { modelFor } from '../inText/modelFor.ts';
import { number } from '../text/numberFormat.ts';
import { say, withProgress } from '../ui/messages.ts';
import { pick } from '../ui/quickInput.ts';
import { fillRows } from './fillRows.ts';
import type { TableParts } from './parts.ts';

/** The confidences that are offered. */
const confidences = [0, 0.5, 0.8, 0.9, 0.95, 0.99];
/** The one that is offered first, if nothing was chosen before. */
const usual = 0.8;

const key = 'fillColumn.confidence';

type Gap = FilledRow & { readonly cell: NonNullable<FilledRow['cell']> };

export async function fillColumn(parts: TableParts): Promise<void> {
  const document = window.activeTextEditor?.document;
  const model = await modelFor(parts.models, document, 'fill');
  if (!document || !model) return;
  const { version } = document;
  let filled: FilledRows | null;
  try {
    filled = await withProgress(l10n.t('Reading the rows of {0}', titleOf(document)), (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const all = [0, document.lineCount] as const;
      return fillRows(parts.inspector, model, document, all, 'missing', abort.signal);
    });
  } catch (error) {
    void say.error((error as Error).message);
    return;
  }
  if (!filled) return;
  const gaps = filled.rows.filter((row): row is Gap => row.cell !== null && row.given === '');
  if (filled.problem !== null || gaps.length === 0) {
    void say.warning(
      filled.problem ?? l10n.t('No row has an empty `{0}`: there is nothing to fill in.', filled.column),
    );
    return;
  }
  const confidence = await askConfidence(parts, gaps, filled.column);
  if (confidence === undefined) return;
  if (document.version !== version) {
    void say.warning(l10n.t('{0} has changed in the meantime: fill in the column again.', titleOf(document)));
    return;
  }
  await write(
    document,
    gaps.filter((gap) => probabilityOf(gap) >= confidence),
    gaps.length,
    filled.column,
  );
}

const probabilityOf = ({ candidates: [best] }: FilledRow) => best.probability;

async function askConfidence(
  { context: { workspaceState } }: TableParts,
  gaps: readonly Gap[],
  column: string,
): Promise<number | undefined> {
  const before = workspaceState.get(key, usual);
  const items = confidences.flatMap((confidence): (QuickPickItem & { confidence: number })[] => {
    const count = gaps.filter((gap) => probabilityOf(gap) >= confidence).length;
    if (count === 0) return [];
    const label = confidence === 0 ? l10n.t('All rows') : l10n.t('From {0} % on', 100 * confidence);
    return [
      { label, description: l10n.t('{0} of {1} empty rows', number(count), number(gaps.length)), confidence },
    ];
  });
  // What was chosen last comes first.
  items.sort((a, b) => Number(b.confidence === before) - Number(a.confidence === before));
  const picked = await pick(items, {
    title: l10n.t('Fill Column {0}', column),
    placeHolder: l10n.t('How sure the model is to be of a row that is filled in'),
  });
  if (picked) await workspaceState.update(key, picked.confidence);
  return picked?.confidence;
}

/** Writes the likeliest values as one edit, whose parts the user looks at, and may leave out, before. */
async function write(
  document: TextDocument,
  rows: readonly Gap[],
  empty: number,
  column: string,
): Promise<void> {
  const edit = new WorkspaceEdit();
  for (const { cell, candidates } of rows) {
    const [{ value, text, probability }] = candidates;
    const range = new Range(cell.from.line, cell.from.character, cell.to.line, cell.to.character);
    edit.replace(document.uri, range, text, {
      needsConfirmation: true,
      label: shown(value),
      description: l10n.t('{0} % on line {1}', (100 * probability).toFixed(0), cell.from.line + 1),
    });
  }
  if (!(await workspace.applyEdit(edit))) return;
  void say.information(
    l10n.t(
      'Filled in what was chosen of `{0}`: up to {1} of {2} empty rows. Undo takes all of it back.',
      column,
      number(rows.length),
      number(empty),
    ),
  );
}

const titleOf = ({ uri }: TextDocument): string =>
  uri.scheme === 'untitled' ? uri.path : workspace.asRelativePath(uri);
