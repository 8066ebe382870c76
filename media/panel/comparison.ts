// Compares runs: gives each a label and a row of results.
import type { RunSnapshot } from '../../src/protocol/run.ts';
import { shown, shownAsMarkdown } from '../../src/protocol/shownText.ts';
import { csv } from './csv.ts';
import { t } from './l10n.ts';

/** The labels that may tell runs apart, shortest first: by their layers, their text, the time they began. */
const ways: readonly ((run: RunSnapshot) => string[])[] = [
  ({ start }) => (start ? [start.layers] : []),
  ({ title, start }) => [shown(title), ...(start ? [start.layers] : [])],
  ({ title, start, date }) => [shown(title), ...(start ? [start.layers] : []), time(date)],
];

const time = (date: string) => new Date(date).toLocaleString([], { dateStyle: 'short', timeStyle: 'medium' });

/** Returns a label for each run: the shortest kind that tells all of them apart. */
export function labels(runs: readonly RunSnapshot[]): string[] {
  const named = ways.map((way) => runs.map((run) => way(run).join(', ')));
  return named.find((names) => names.every(Boolean) && new Set(names).size === names.length) ?? named.at(-1)!;
}

export interface Row {
  readonly label: string;
  /**
   * The loss on the held-out text, or the training loss where nothing is held out, in bits per character;
   * null before it is known.
   */
  readonly loss: number | null;
  readonly tokensPerSecond: number | null;
  readonly parameters: number | null;
  readonly seconds: number | null;
  /** Says that the run has failed or is under way; empty when it has ended. */
  readonly remark: string;
}

export function row(label: string, { start, status, progress, points }: RunSnapshot): Row {
  const result = status.kind === 'ended' ? status.result : null;
  const best = points.validations.reduce(
    (least, { loss }) => Math.min(least, loss),
    Number.POSITIVE_INFINITY,
  );
  const known = result ? (result.validationLoss ?? result.trainLoss) : best;
  return {
    label,
    loss: Number.isFinite(known) ? known : null,
    tokensPerSecond: result?.tokensPerSecond ?? progress?.tokensPerSecond ?? null,
    parameters: start?.parameters ?? null,
    seconds: result?.seconds ?? progress?.seconds ?? null,
    remark: status.kind === 'failed' ? shown(status.message) : status.kind === 'ended' ? '' : t('under way'),
  };
}

export type Column = keyof Row;

/** Formats a whole number. */
type Say = (count: number) => string;

export const columns: readonly {
  readonly of: Column;
  readonly name: string;
  show(row: Row, say: Say): string;
}[] = [
  { of: 'label', name: t('run'), show: ({ label }) => label },
  { of: 'loss', name: t('bits per character'), show: ({ loss }) => loss?.toFixed(3) ?? '' },
  {
    of: 'tokensPerSecond',
    name: t('tokens/s'),
    show: ({ tokensPerSecond }, say) => rounded(tokensPerSecond, say),
  },
  { of: 'parameters', name: t('parameters'), show: ({ parameters }, say) => rounded(parameters, say) },
  { of: 'seconds', name: t('seconds'), show: ({ seconds }) => seconds?.toFixed(1) ?? '' },
  { of: 'remark', name: t('remark'), show: ({ remark }) => remark },
];

const rounded = (value: number | null, say: Say) => (value === null ? '' : say(Math.round(value)));

export interface Order {
  readonly by: Column;
  readonly descending: boolean;
}

/** Returns the rows in order; rows whose value is not known come last in both directions. */
export function sorted(rows: readonly Row[], { by, descending }: Order): Row[] {
  const missing = (value: Row[Column]) => value === null || value === '';
  const compare = (a: Row[Column], b: Row[Column]) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return rows.toSorted(
    ({ [by]: a }, { [by]: b }) =>
      Number(missing(a)) - Number(missing(b)) || (descending ? -1 : 1) * compare(a, b),
  );
}

/** Returns the texts of each row for people to read, in the order of the columns. */
export const cells = (rows: readonly Row[]) => texts(rows, (count) => count.toLocaleString('en'));

const texts = (rows: readonly Row[], say: Say) =>
  rows.map((each) => columns.map(({ show }) => show(each, say)));

export function comparisonCsv(rows: readonly Row[]): string {
  return csv(
    columns.map(({ name }) => name),
    texts(rows, String),
  );
}

export function comparisonMarkdown(rows: readonly Row[]): string {
  const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |\n`;
  const rule = columns.map(({ of }) => (numeric(of) ? '---:' : '---'));
  const escaped = cells(rows).map((row) =>
    row.map((text, index) => (numeric(columns[index].of) ? text : shownAsMarkdown(text))),
  );
  return [columns.map(({ name }) => name), rule, ...escaped].map(line).join('');
}

const numeric = (of: Column) => of !== 'label' && of !== 'remark';
