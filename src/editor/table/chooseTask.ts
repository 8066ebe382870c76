// Shows how a document is understood before it is trained on, and remembers what was chosen for it.
import { l10n, type QuickPickItem } from 'vscode';
import { readCells } from '../../language/check.ts';
import type { ChosenColumns, ColumnSummary, DataReading } from '../../protocol/rows.ts';
import type { TaskChoice } from '../../protocol/task.ts';
import type { SourceText } from '../runs/trainingText.ts';
import { number } from '../text/numberFormat.ts';
import { say } from '../ui/messages.ts';
import { pick, pickMany } from '../ui/quickInput.ts';
import { isTableName, looksLikeRows } from './looksLikeRows.ts';
import type { TableParts } from './parts.ts';
import { rememberedTask, rememberTask } from './remembered.ts';

/** The task of a run; null leaves it open, and undefined means that the user has cancelled. */
export type ChosenTask = TaskChoice | null | undefined;

const contentDecides: ChosenColumns = { reads: null, writes: null };

/** @param definition the `.rnn` file to train with; one that says the task itself leaves nothing to choose */
export async function chooseTask(
  parts: TableParts,
  source: SourceText,
  definition: string | null,
): Promise<ChosenTask> {
  if (definition !== null && readCells(definition).task !== null) return null;
  const text = wholeTextOf(source);
  if (text === null) return null;
  const readings = await readingsOf(parts, source, text);
  if (readings.length === 0) return null;
  const choice = await choose(parts, source, text, readings);
  if (choice) await rememberTask(parts.context.workspaceState, source.uri, choice);
  return choice;
}

/** Returns the text of a whole file; null for another source, and for a file that is too large for the editor. */
function wholeTextOf({ documents: [text, ...others], pattern, uri }: SourceText): string | null {
  const isWhole = others.length === 0 && pattern === null && uri.fragment === '';
  return isWhole && typeof text === 'string' ? text : null;
}

/** Returns the ways in which a text is understood as data of a task; none where it is plain text. */
async function readingsOf(
  parts: TableParts,
  source: SourceText,
  text: string,
): Promise<readonly DataReading[]> {
  if (!isTableName(source.uri.path) && !looksLikeRows(text)) return [];
  const remembered = rememberedTask(parts.context.workspaceState, source.uri);
  const readings = await read(parts, source, text, contentDecides);
  if (remembered === null || remembered.kind === 'language model' || remembered.kind === 'forecaster')
    return readings;
  const { reads, writes } = remembered;
  const names = readings.flatMap(({ columns }) => columns.map(({ name }) => name));
  const isThere = [...(reads ?? []), writes].every((name) => name === null || names.includes(name));
  return isThere ? read(parts, source, text, { reads, writes }) : readings;
}

async function read(
  { inspector }: TableParts,
  { uri }: SourceText,
  text: string,
  columns: ChosenColumns,
): Promise<readonly DataReading[]> {
  const named = isTableName(uri.path);
  return (
    (await inspector.ask({ kind: 'readings', text, named, columns }, new AbortController().signal)) ?? []
  );
}

interface Item extends QuickPickItem {
  readonly choice: TaskChoice | null;
  readonly reading: DataReading | null;
}

async function choose(
  parts: TableParts,
  source: SourceText,
  text: string,
  readings: readonly DataReading[],
): Promise<TaskChoice | undefined> {
  const remembered = rememberedTask(parts.context.workspaceState, source.uri);
  const plainText: Item = {
    label: l10n.t('Train on It as Plain Text'),
    detail: l10n.t('It is completed like any other text'),
    choice: { kind: 'language model' },
    reading: null,
  };
  const byUse = readings.toSorted((a, b) => rank(a, remembered) - rank(b, remembered));
  const rows = byUse.map((reading): Item => {
    const detail = reading.obstacle ?? reading.misfits;
    return {
      label: reading.sentence,
      ...(detail === null ? {} : { detail }),
      choice: reading.obstacle === null ? reading.choice : null,
      reading,
    };
  });
  const columns: Item = {
    label: l10n.t('Choose Columns …'),
    detail: l10n.t('Which columns are read, and which one is filled in'),
    choice: null,
    reading: null,
  };
  const hasColumns = ({ columns }: DataReading) => columns.length > 1;
  const isText = remembered?.kind === 'language model';
  const items = [
    ...(isText ? [plainText] : []),
    ...rows,
    ...(readings.some(hasColumns) ? [columns] : []),
    ...(isText ? [] : [plainText]),
  ];
  const picked = await pick(items, {
    title: l10n.t('Train on {0}', source.title),
    placeHolder: l10n.t('What the model is to learn from it'),
  });
  if (!picked) return undefined;
  if (picked.choice) return picked.choice;
  if (picked.reading?.obstacle) void say.warning(picked.reading.obstacle);
  const table = picked.reading ?? readings.find(hasColumns);
  if (!table || !hasColumns(table)) return undefined;
  const chosen = await chooseColumns(table);
  if (!chosen) return undefined;
  return choose(parts, source, text, await read(parts, source, text, chosen));
}

/** Orders what was chosen before first, and what cannot be trained on last. */
const rank = ({ choice, obstacle }: DataReading, remembered: TaskChoice | null): number =>
  choice.kind === remembered?.kind ? 0 : obstacle === null ? 1 : 2;

/** Asks for the column to fill in and those to read. */
async function chooseColumns({ columns, reads, writes }: DataReading): Promise<ChosenColumns | undefined> {
  const item = ({ name, filled, different }: ColumnSummary) => ({
    label: name,
    description: l10n.t('{0} different values on {1} rows', number(different), number(filled)),
    name,
  });
  const byUse = (used: (name: string) => boolean) =>
    columns.toSorted((a, b) => Number(used(b.name)) - Number(used(a.name)));
  const filledIn = await pick(byUse((name) => name === writes).map(item), {
    title: l10n.t('Choose Columns'),
    placeHolder: l10n.t('The column to fill in'),
  });
  if (!filledIn) return undefined;
  const rest = byUse((name) => reads?.includes(name) ?? false).filter(({ name }) => name !== filledIn.name);
  if (rest.length < 2) return { reads: rest.map(({ name }) => name), writes: filledIn.name };
  const read = await pickMany(
    rest.map((column) => ({ ...item(column), picked: reads?.includes(column.name) ?? false })),
    { title: l10n.t('Choose Columns'), placeHolder: l10n.t('The columns to read') },
  );
  if (!read) return undefined;
  return { reads: read.length > 0 ? read.map(({ name }) => name) : null, writes: filledIn.name };
}
