// The command 'Fill Column' writes a value into every empty cell of which the model is sure enough: as one
// edit, which is seen before it is made.
import { l10n, type QuickPickItem, Range, type TextDocument, WorkspaceEdit, window, workspace } from 'vscode';
import type { FilledRow, FilledRows } from '../../protocol/rows.ts';
import { modelFor } from '../inText/modelFor.ts';
import type { Model } from '../models/models.ts';
import { number, percent } from '../text/numberFormat.ts';
import { say, withProgress } from '../ui/messages.ts';
import { surenessOf } from './candidates.ts';
import { fillRows } from './fillRows.ts';
import type { TableParts } from './parts.ts';
import { previewPick } from './preview.ts';

/** The confidences that are offered. */
const confidences = [0, 0.5, 0.8, 0.9, 0.95, 0.99];
/** The one that is offered first, if nothing was chosen before. */
const usual = 0.8;

const key = 'fillColumn.confidence';

/** The same for numbers: how much narrower than the column's own an interval has to be. */
const sharpnesses = [0, 0.25, 0.5, 0.75, 0.9];
const usualSharpness = 0;
const sharpnessKey = 'fillColumn.sharpness';

type Gap = FilledRow & { readonly cell: NonNullable<FilledRow['cell']> };

export async function fillColumn(parts: TableParts): Promise<void> {
  const document = window.activeTextEditor?.document;
  const model = await modelFor(parts.models, document, 'fill');
  if (!document || !model) return;
  const { version } = document;
  const filled = await readAll(parts, model, document);
  if (!filled) return;
  const { column, problem } = filled;
  const gaps = filled.rows.filter((row): row is Gap => row.cell !== null && row.given === '');
  if (problem !== null || gaps.length === 0) {
    void say.warning(problem ?? l10n.t('No row has an empty `{0}`: there is nothing to fill in.', column));
    return;
  }
  const confidence = await askConfidence(parts, document, gaps, column);
  if (confidence === undefined) return;
  const hasChanged = () =>
    void say.warning(l10n.t('{0} has changed in the meantime: fill in the column again.', titleOf(document)));
  if (document.version !== version) return hasChanged();
  const sure = sureOf(gaps, confidence);
  const edit = new WorkspaceEdit();
  for (const gap of sure) edit.replace(document.uri, rangeOf(gap), gap.candidates[0].text);
  await window.showTextDocument(document.uri);
  if (!(await workspace.applyEdit(edit))) return hasChanged();
  const [done, all] = [number(sure.length), number(gaps.length)];
  const filledIn = l10n.t(
    'Filled in: {0} of {1} empty rows of `{2}`. Undo takes all of it back.',
    done,
    all,
    column,
  );
  const doubtful = sure.filter(({ unseen }) => unseen !== undefined);
  const [first] = doubtful;
  void say.information(
    first
      ? `${filledIn} ${l10n.t('{0} of them have characters that the training never saw, the first on line {1}: look at these.', number(doubtful.length), number(first.line + 1))}`
      : filledIn,
  );
}

/** Reads all rows. Resolves to null if that was cancelled, or failed, which the user is told. */
async function readAll(
  { inspector, diary }: TableParts,
  model: Model,
  document: TextDocument,
): Promise<FilledRows | null> {
  try {
    return await withProgress(l10n.t('Reading the rows of {0}', titleOf(document)), (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return fillRows(inspector, model, document, [0, document.lineCount], 'missing', abort.signal);
    });
  } catch (error) {
    diary.problem('inspection', (error as Error).message);
    void say.error((error as Error).message);
    return null;
  }
}

/** Asks how sure the model has to be, and shows what each answer fills in. */
async function askConfidence(
  { context: { workspaceState } }: TableParts,
  document: TextDocument,
  gaps: readonly Gap[],
  column: string,
): Promise<number | undefined> {
  const areNumbers = gaps.some(({ interval }) => interval !== undefined);
  const [chosen, offered, first] = areNumbers
    ? [sharpnessKey, sharpnesses, usualSharpness]
    : [key, confidences, usual];
  const before = workspaceState.get(chosen, first);
  const items = offered.flatMap((confidence): (QuickPickItem & { confidence: number })[] => {
    const count = sureOf(gaps, confidence).length;
    if (count === 0) return [];
    const from = areNumbers
      ? l10n.t('Intervals narrower by {0} %', percent(confidence))
      : l10n.t('From {0} % on', percent(confidence));
    const label = confidence === 0 ? l10n.t('All rows') : from;
    const description = l10n.t('{0} of {1} empty rows', number(count), number(gaps.length));
    return [{ label, description, confidence }];
  });
  // The last choice comes first.
  items.sort((a, b) => Number(b.confidence === before) - Number(a.confidence === before));
  const picked = await previewPick(document, {
    title: l10n.t('{0} with {1} filled in', titleOf(document), column),
    placeholder: l10n.t('How sure the model is to be of a row that is filled in'),
    items,
    text: ({ confidence }) => filledText(document, sureOf(gaps, confidence)),
  });
  if (picked) await workspaceState.update(chosen, picked.confidence);
  return picked?.confidence;
}

const sureOf = (gaps: readonly Gap[], confidence: number): Gap[] =>
  gaps.filter((gap) => confidence === 0 || surenessOf(gap) >= confidence);

const rangeOf = ({ cell: { from, to } }: Gap): Range =>
  new Range(from.line, from.character, to.line, to.character);

/** Returns the document's text with the likeliest values. The rows are in the order of the text. */
function filledText(document: TextDocument, gaps: readonly Gap[]): string {
  const text = document.getText();
  const parts: string[] = [];
  let end = 0;
  for (const gap of gaps) {
    const range = rangeOf(gap);
    parts.push(text.slice(end, document.offsetAt(range.start)), gap.candidates[0].text);
    end = document.offsetAt(range.end);
  }
  return parts.join('') + text.slice(end);
}

const titleOf = ({ uri }: TextDocument): string =>
  uri.scheme === 'untitled' ? uri.path : workspace.asRelativePath(uri);
