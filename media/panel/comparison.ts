// Runs beside one another: what each is called, and a table of what came of it.
import type { EarlierRun } from '../../src/protocol/panel.ts';
import type { RunSnapshot } from '../../src/protocol/run.ts';
import { csv } from './csv.ts';
import { element } from './element.ts';
import { t } from './l10n.ts';

/** What tells runs apart, shortest first: their text and cell, their layers, when they began. */
const ways: readonly ((run: RunSnapshot) => string[])[] = [
  ({ start }) => (start ? [start.layers] : []),
  ({ title }) => [title],
  ({ title, start }) => [title, ...(start ? [start.layers] : [])],
  ({ title, start, date }) => [title, ...(start ? [start.layers] : []), time(date)],
];

const time = (date: string) => new Date(date).toLocaleString([], { dateStyle: 'short', timeStyle: 'medium' });

/** A name for each, as short as they can be told apart by. */
export function labels(runs: readonly RunSnapshot[]): string[] {
  const named = ways.map((way) => runs.map((run) => way(run).join(', ')));
  return named.find((names) => names.every(Boolean) && new Set(names).size === names.length) ?? named.at(-1)!;
}

export interface Row {
  readonly label: string;
  readonly layers: string;
  /** Of the held-out text, where there is one; null before it is known. In bits per character. */
  readonly loss: number | null;
  readonly tokensPerSecond: number | null;
  readonly parameters: number | null;
  readonly seconds: number | null;
  /** Why there is no more. */
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
    layers: start?.layers ?? '',
    loss: Number.isFinite(known) ? known : null,
    tokensPerSecond: result?.tokensPerSecond ?? progress?.tokensPerSecond ?? null,
    parameters: start?.parameters ?? null,
    seconds: result?.seconds ?? progress?.seconds ?? null,
    remark: status.kind === 'failed' ? status.message : status.kind === 'ended' ? '' : t('under way'),
  };
}

type Column = keyof Row;

const columns: readonly { readonly of: Column; readonly name: string; show(row: Row): string }[] = [
  { of: 'label', name: t('run'), show: ({ label }) => label },
  { of: 'layers', name: t('layers'), show: ({ layers }) => layers },
  { of: 'loss', name: t('bits per character'), show: ({ loss }) => loss?.toFixed(3) ?? '' },
  { of: 'tokensPerSecond', name: t('tokens/s'), show: (row) => rounded(row.tokensPerSecond) },
  { of: 'parameters', name: t('parameters'), show: (row) => rounded(row.parameters) },
  { of: 'seconds', name: t('seconds'), show: ({ seconds }) => seconds?.toFixed(1) ?? '' },
  { of: 'remark', name: t('remark'), show: ({ remark }) => remark },
];

const rounded = (value: number | null) => (value === null ? '' : String(Math.round(value)));

export interface Order {
  readonly by: Column;
  readonly descending: boolean;
}

/** What is not known comes last, whichever the direction. */
export function sorted(rows: readonly Row[], { by, descending }: Order): Row[] {
  const missing = (value: Row[Column]) => value === null || value === '';
  const compare = (a: Row[Column], b: Row[Column]) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return rows.toSorted(
    ({ [by]: a }, { [by]: b }) =>
      Number(missing(a)) - Number(missing(b)) || (descending ? -1 : 1) * compare(a, b),
  );
}

const cells = (rows: readonly Row[]) => rows.map((each) => columns.map(({ show }) => show(each)));

export function comparisonCsv(rows: readonly Row[]): string {
  return csv(
    columns.map(({ name }) => name),
    cells(rows),
  );
}

export function comparisonMarkdown(rows: readonly Row[]): string {
  const line = (texts: readonly string[]) =>
    `| ${texts.map((text) => text.replace(/\|/g, '\\|').replace(/\n/g, ' ')).join(' | ')} |\n`;
  const rule = columns.map(({ of }) => (numeric(of) ? '---:' : '---'));
  return [columns.map(({ name }) => name), rule, ...cells(rows)].map(line).join('');
}

const numeric = (of: Column) => of !== 'label' && of !== 'layers' && of !== 'remark';

export interface ComparisonActions {
  copy(text: string): void;
  /** Takes the runs away that are laid under the one that is shown. */
  clear(): void;
}

/** The best first, until another column is asked for. */
export class ComparisonTable {
  readonly element = element('section', { id: 'comparison', hidden: true });
  readonly #heads: ReadonlyMap<Column, HTMLTableCellElement>;
  readonly #body = element('tbody');
  #order: Order = { by: 'loss', descending: false };
  #rows: readonly Row[] = [];

  constructor({ copy, clear }: ComparisonActions) {
    this.#heads = new Map(
      columns.map(({ of, name }) => {
        const button = element('button', { type: 'button', className: 'head', textContent: name });
        button.title = t('Sort by {0}', name);
        button.addEventListener('click', () => this.#sort(of));
        return [of, element('th', { scope: 'col' }, button)];
      }),
    );
    const tool = (textContent: string, act: () => void) => {
      const made = element('button', { type: 'button', className: 'quiet', textContent });
      made.addEventListener('click', act);
      return made;
    };
    const caption = element('caption', { textContent: t('The runs that are shown, beside one another') });
    this.element.append(
      element(
        'div',
        { className: 'buttons' },
        element('h2', { textContent: t('Comparison') }),
        tool(t('Copy as CSV'), () => copy(comparisonCsv(sorted(this.#rows, this.#order)))),
        tool(t('Copy as Markdown'), () => copy(comparisonMarkdown(sorted(this.#rows, this.#order)))),
        tool(t('Take the other runs away'), clear),
      ),
      element(
        'div',
        { className: 'scrolled' },
        element(
          'table',
          {},
          caption,
          element('thead', {}, element('tr', {}, ...this.#heads.values())),
          this.#body,
        ),
      ),
    );
  }

  show(run: RunSnapshot | null, earlier: readonly EarlierRun[]): void {
    const runs = [...(run ? [run] : []), ...earlier.map((each) => each.run)];
    this.element.hidden = earlier.length === 0;
    if (earlier.length === 0) return;
    const names = labels(runs);
    this.#rows = runs.map((each, index) => row(names[index], each));
    this.#fill();
  }

  #sort(by: Column): void {
    this.#order = { by, descending: this.#order.by === by && !this.#order.descending };
    this.#fill();
  }

  #fill(): void {
    const { by, descending } = this.#order;
    for (const [of, head] of this.#heads)
      head.ariaSort = of === by ? (descending ? 'descending' : 'ascending') : 'none';
    this.#body.replaceChildren(
      ...cells(sorted(this.#rows, this.#order)).map(([label, ...others]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row', textContent: label }),
          ...others.map((textContent, index) =>
            element('td', { textContent, className: numeric(columns[index + 1].of) ? '' : 'words' }),
          ),
        ),
      ),
    );
  }
}
