// A table of the runs that are drawn in the same charts.
import type { EarlierRun } from '../../src/protocol/panel.ts';
import type { RunSnapshot } from '../../src/protocol/run.ts';
import {
  type Column,
  cells,
  columns,
  comparisonCsv,
  comparisonMarkdown,
  labels,
  type Order,
  type Row,
  row,
  sorted,
} from './comparison.ts';
import { element } from './element.ts';
import { t } from './l10n.ts';

export interface ComparisonActions {
  copy(text: string): void;
  /** Removes the runs that are drawn under the one that is shown. */
  clear(): void;
}

/** A table of runs, with the lowest loss first until the user sorts by another column. */
export class ComparisonTable {
  readonly element = element('section', { id: 'comparison', hidden: true });
  readonly #heads: ReadonlyMap<Column, HTMLTableCellElement>;
  readonly #body = element('tbody');
  #order: Order = { by: 'loss', descending: false };
  #rows: readonly Row[] = [];

  constructor({ copy, clear }: ComparisonActions) {
    this.#heads = new Map(
      columns.slice(0, -1).map(({ of, name }) => {
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
      ...cells(sorted(this.#rows, this.#order)).flatMap(([label, ...others]) => {
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
