// Compares runs: gives each a label and a row of results, and says which of them share a chart.
import {
  isSameMetric,
  type Measures,
  type Metric,
  metricOf,
  writeValue,
} from '../../../src/protocol/metric.ts';
import { measuresOf, outcomeOf } from '../../../src/protocol/outcome.ts';
import type { RunSnapshot } from '../../../src/protocol/run.ts';
import { shown, shownAsMarkdown } from '../../../src/protocol/shownText.ts';
import { csv } from '../figure/csv.ts';
import { t } from '../words/l10n.ts';
import { nameAndUnit } from '../words/metricText.ts';

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

/** Returns what the charts of a run show. One that failed before it began leaves them to the others. */
export function shownMeasures(run: RunSnapshot, others: readonly RunSnapshot[]): Measures {
  return measuresOf([run, ...others].find(({ start }) => start !== null) ?? run);
}

/** Whether the losses of a run, and with them their gradients, are in the unit that the charts have. */
export function sharesLoss({ lossUnit }: Measures, run: RunSnapshot): boolean {
  return measuresOf(run).lossUnit === lossUnit;
}

/** Whether a run is judged by the metric that the charts show. */
export function sharesMetric(measures: Measures, run: RunSnapshot): boolean {
  return isSameMetric(metricOf(measures), metricOf(measuresOf(run)));
}

/** Returns the labels of those other runs whose curves are not drawn under a run's. */
export function leftOut(
  run: RunSnapshot,
  others: readonly RunSnapshot[],
  isDrawn: (other: RunSnapshot) => boolean,
): string[] {
  const names = labels([run, ...others]).slice(1);
  return names.filter((_, index) => others[index].start !== null && !isDrawn(others[index]));
}

/** Returns the metrics that runs are judged by, each once, in the order of the runs. */
export function metricsOf(runs: readonly RunSnapshot[]): Metric[] {
  // A run that has not begun says nothing of its metric.
  const begun = runs.filter(({ start }) => start !== null);
  const metrics: Metric[] = [];
  for (const run of begun.length > 0 ? begun : runs.slice(0, 1)) {
    const metric = outcomeOf(run)?.metric ?? metricOf(measuresOf(run));
    if (!metrics.some((each) => isSameMetric(each, metric))) metrics.push(metric);
  }
  return metrics;
}

export interface Row {
  readonly label: string;
  /**
   * The results of the run, by metric: its value on the held-out part, or the training loss where nothing is
   * held out. Null before it is known, and where the run is judged by another metric.
   */
  readonly values: readonly (number | null)[];
  readonly tokensPerSecond: number | null;
  readonly parameters: number | null;
  readonly seconds: number | null;
  /** Says that the run has failed or is under way; empty when it has ended. */
  readonly remark: string;
}

/** @param metrics those that the row has values of */
export function row(label: string, run: RunSnapshot, metrics: readonly Metric[]): Row {
  const { start, status, progress } = run;
  const result = status.kind === 'ended' ? status.result : null;
  const outcome = outcomeOf(run);
  return {
    label,
    values: metrics.map((each) => (outcome && isSameMetric(each, outcome.metric) ? outcome.value : null)),
    tokensPerSecond: result?.tokensPerSecond ?? progress?.tokensPerSecond ?? null,
    parameters: start?.parameters ?? null,
    seconds: result?.seconds ?? progress?.seconds ?? null,
    remark: status.kind === 'failed' ? shown(status.message) : status.kind === 'ended' ? '' : t('under way'),
  };
}

/** Formats a whole number. */
type Say = (count: number) => string;

export interface Column {
  readonly name: string;
  readonly isNumeric: boolean;
  /** Whether the rows are sorted from the largest value on, unless the user asks for the other direction. */
  readonly isBestHighest: boolean;
  /** Returns what rows are sorted by; null where it is not known. */
  value(row: Row): number | string | null;
  show(row: Row, say: Say): string;
}

/** Returns the columns of a table of runs that are judged by these metrics. The first metric is the second column. */
export function columnsOf(metrics: readonly Metric[]): readonly Column[] {
  return [
    words(t('run'), ({ label }) => label),
    ...metrics.map((metric, index) =>
      numbers(
        nameAndUnit(metric),
        ({ values }) => values[index],
        (value) => writeValue(value, 3),
        !metric.lowerIsBetter,
      ),
    ),
    numbers(t('tokens/s'), ({ tokensPerSecond }) => tokensPerSecond, rounded),
    numbers(t('trained parameters'), ({ parameters }) => parameters, rounded),
    numbers(
      t('seconds'),
      ({ seconds }) => seconds,
      (value) => value.toFixed(1),
    ),
    words(t('remark'), ({ remark }) => remark),
  ];
}

const rounded = (value: number, say: Say) => say(Math.round(value));

function words(name: string, value: (row: Row) => string): Column {
  return { name, isNumeric: false, isBestHighest: false, value: (row) => value(row) || null, show: value };
}

function numbers(
  name: string,
  value: (row: Row) => number | null,
  show: (value: number, say: Say) => string,
  isBestHighest = false,
): Column {
  return {
    name,
    isNumeric: true,
    isBestHighest,
    value,
    show: (row, say) => {
      const known = value(row);
      return known === null ? '' : show(known, say);
    },
  };
}

/** Returns the rows in order; rows whose value is not known come last in both directions. */
export function sorted(rows: readonly Row[], { value }: Column, descending: boolean): Row[] {
  const compare = (a: number | string | null, b: number | string | null) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return rows.toSorted((first, second) => {
    const [a, b] = [value(first), value(second)];
    return Number(a === null) - Number(b === null) || (descending ? -1 : 1) * compare(a, b);
  });
}

/** Returns the texts of each row for people to read, in the order of the columns. */
export const cells = (columns: readonly Column[], rows: readonly Row[]) =>
  texts(columns, rows, (count) => count.toLocaleString('en'));

const texts = (columns: readonly Column[], rows: readonly Row[], say: Say) =>
  rows.map((each) => columns.map(({ show }) => show(each, say)));

export function comparisonCsv(columns: readonly Column[], rows: readonly Row[]): string {
  return csv(
    columns.map(({ name }) => name),
    texts(columns, rows, String),
  );
}

export function comparisonMarkdown(columns: readonly Column[], rows: readonly Row[]): string {
  const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |\n`;
  const rule = columns.map(({ isNumeric }) => (isNumeric ? '---:' : '---'));
  const escaped = cells(columns, rows).map((row) =>
    row.map((text, index) => (columns[index].isNumeric ? text : shownAsMarkdown(text))),
  );
  return [columns.map(({ name }) => shownAsMarkdown(name)), rule, ...escaped].map(line).join('');
}
