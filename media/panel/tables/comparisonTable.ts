// A table of the runs that are drawn in the same charts.
import type { EarlierRun } from '../../../src/protocol/panel.ts';
import type { RunSnapshot } from '../../../src/protocol/run.ts';
import { element } from '../figure/element.ts';
import { t } from '../words/l10n.ts';
import {
  type Column,
  cells,
  columnsOf,
  comparisonCsv,
  comparisonMarkdown,
  labels,
  metricsOf,
  type Row,
  row,
  sorted,
} from './comparison.ts';

export interface ComparisonActions {
  copy(text: string): void;
  /** Removes the runs that are drawn under the one that is shown. */
  clear(): void;
}

/** A table of runs, with the best one first until the user sorts by another column. */
export class ComparisonTable {
  readonly element = element('section', { id: 'comparison', hidden: true });
  readonly #headRow = element('tr');
  readonly #body = element('tbody');
  #columns: readonly Column[] = [];
  #heads: readonly HTMLTableCellElement[] = [];
  /** The column by which the rows are sorted: at first that of the first metric. */
  #by = 1;
  #descending = false;
  #rows: readonly Row[] = [];

  constructor({ copy, clear }: ComparisonActions) {
    const tool = (textContent: string, act: () => void) => {
      const made = element('button', { type: 'button', className: 'quiet', textContent });
      made.addEventListener('click', act);
      return made;
    };
    const caption = element('caption', { textContent: t('The runs in these charts, side by side') });
    this.element.append(
      element(
        'div',
        { className: 'buttons' },
        element('h2', { textContent: t('Comparison') }),
        tool(t('Copy as CSV'), () => copy(comparisonCsv(this.#columns, this.#sorted))),
        tool(t('Copy as Markdown'), () => copy(comparisonMarkdown(this.#columns, this.#sorted))),
        tool(t('Remove the other runs'), clear),
      ),
      element(
        'div',
        { className: 'scrolled' },
        element('table', {}, caption, element('thead', {}, this.#headRow), this.#body),
      ),
    );
  }

  show(run: RunSnapshot | null, earlier: readonly EarlierRun[]): void {
    const runs = [...(run ? [run] : []), ...earlier.map((each) => each.run)];
    this.element.hidden = earlier.length === 0;
    if (earlier.length === 0) return;
    const names = labels(runs);
    const metrics = metricsOf(runs);
    this.#show(columnsOf(metrics));
    this.#rows = runs.map((each, index) => row(names[index], each, metrics));
    this.#fill();
  }

  /** Shows other columns, where they are others. */
  #show(columns: readonly Column[]): void {
    const said = ({ name, isBestHighest }: Column) => `${name} ${isBestHighest}`;
    if (columns.map(said).join('\n') === this.#columns.map(said).join('\n')) return;
    this.#columns = columns;
    this.#by = 1;
    this.#descending = columns[1].isBestHighest;
    this.#heads = columns.slice(0, -1).map((column, index) => {
      const button = element('button', { type: 'button', className: 'head', textContent: column.name });
      button.title = t('Sort by {0}', column.name);
      button.addEventListener('click', () => this.#sort(index));
      return element('th', { scope: 'col' }, button);
    });
    this.#headRow.replaceChildren(...this.#heads);
  }

  #sort(by: number): void {
    this.#descending = this.#by === by ? !this.#descending : this.#columns[by].isBestHighest;
    this.#by = by;
    this.#fill();
  }

  get #sorted(): Row[] {
    return sorted(this.#rows, this.#columns[this.#by], this.#descending);
  }

  #fill(): void {
    for (const [index, head] of this.#heads.entries())
      head.ariaSort = index === this.#by ? (this.#descending ? 'descending' : 'ascending') : 'none';
    this.#body.replaceChildren(
      ...cells(this.#columns, this.#sorted).flatMap(([label, ...others]) => {
        const remark = others.pop()!;
        const numbers = others.map((textContent) => element('td', { textContent }));
        const line = element('tr', {}, element('th', { scope: 'row', textContent: label }), ...numbers);
        if (remark === '') return [line];
        // A sentence is wider than a column of numbers.
        const words = element('td', { colSpan: 1 + others.length, textContent: remark });
        return [line, element('tr', { className: 'remark' }, words)];
      }),
    );
  }
}
