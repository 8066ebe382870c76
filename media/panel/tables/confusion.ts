// Shows a classifier's confusion matrix, whose cells lead to their rows, the figures of each class, and the surest
// mistakes.
import {
  type ClassFigures,
  type Confusion,
  classFigures,
  mistakes,
  rowsOfCell,
} from '../../../src/protocol/confusion.ts';
import type { RunSnapshot } from '../../../src/protocol/run.ts';
import { shown } from '../../../src/protocol/shownText.ts';
import './confusion.css';
import { element } from '../figure/element.ts';
import type { Saving } from '../figure/frame.ts';
import { t } from '../words/l10n.ts';
import { confusionCsv } from './confusionCsv.ts';
import { tablePicture } from './tablePicture.ts';

/** The most classes of the matrix, and the most mistakes that are listed. */
const mostClasses = 20;
const mostMistakes = 10;

/** The number of shades of a cell. */
const shades = 4;

export interface RowActions {
  /** Leads to rows of the file, by their lines. */
  rows(lines: readonly number[]): void;
}

export class ConfusionView {
  readonly element = element('section', { id: 'confusion', hidden: true });
  readonly #actions: RowActions & Saving;
  #confusion: Confusion | null = null;

  constructor(actions: RowActions & Saving) {
    this.#actions = actions;
  }

  show(run: RunSnapshot | null): void {
    const confusion = run?.status.kind === 'ended' ? (run.status.result.confusion ?? null) : null;
    this.element.hidden = confusion === null;
    if (confusion === this.#confusion) return;
    this.#confusion = confusion;
    if (!confusion) return this.element.replaceChildren();
    const figures = classFigures(confusion);
    const matrix = this.#matrix(confusion, figures.slice(0, mostClasses));
    const button = (textContent: string, title: string, act: () => void) => {
      const made = element('button', { type: 'button', className: 'quiet', textContent, title });
      made.addEventListener('click', act);
      return made;
    };
    this.element.replaceChildren(
      element(
        'div',
        { className: 'buttons' },
        element('h2', { textContent: t('Confusion matrix') }),
        button('PNG', t('Save the confusion matrix as a picture'), () =>
          this.#actions.save('confusion.png', 'png', tablePicture(matrix)),
        ),
        button('CSV', t('Save the confusion matrix as CSV'), () =>
          this.#actions.save('confusion.csv', 'csv', confusionCsv(confusion)),
        ),
      ),
      scrolled(matrix),
      ...(figures.length > mostClasses
        ? [element('p', { textContent: t('The {0} classes with the most rows.', mostClasses) })]
        : []),
      scrolled(figuresTable(figures)),
      ...this.#mistakes(confusion),
    );
  }

  #matrix(confusion: Confusion, figures: readonly ClassFigures[]): HTMLTableElement {
    const { classes, counts } = confusion;
    const count = new Map(counts.map(([target, predicted, rows]) => [`${target} ${predicted}`, rows]));
    const indices = figures.map(({ name }) => classes.indexOf(name));
    const head = (name: string, scope: 'col' | 'row') =>
      element('th', { scope, textContent: shown(name), title: name });
    const caption = t('Held-out rows: a row for each class, a column for what it was taken for');
    return element(
      'table',
      { className: 'matrix' },
      element('caption', { textContent: caption }),
      element('thead', {}, element('tr', {}, element('td'), ...figures.map(({ name }) => head(name, 'col')))),
      element(
        'tbody',
        {},
        ...figures.map(({ name, rows: ofClass }, row) =>
          element(
            'tr',
            {},
            head(name, 'row'),
            ...indices.map((predicted) => {
              const target = indices[row];
              const rows = count.get(`${target} ${predicted}`) ?? 0;
              const share = ofClass === 0 ? 0 : rows / ofClass;
              const cell = element('td', {
                className: target === predicted ? 'right' : 'wrong',
              });
              cell.dataset.shade = String(rows === 0 ? 0 : Math.max(1, Math.ceil(shades * share)));
              if (rows === 0) return cell;
              const lines = rowsOfCell(confusion, target, predicted).map(({ line }) => line);
              const says =
                target === predicted
                  ? t('{0}: {1} rows are classified rightly', name, rows)
                  : t('{0} taken for {1}: {2} rows', name, classes[predicted], rows);
              cell.append(this.#link(String(rows), says, confusion.isOfFile ? lines : []));
              return cell;
            }),
          ),
        ),
      ),
    );
  }

  #mistakes(confusion: Confusion): HTMLElement[] {
    const surest = mistakes(confusion).slice(0, mostMistakes);
    if (surest.length === 0) return [];
    const { classes } = confusion;
    return [
      element('h3', { textContent: t('The surest mistakes') }),
      element(
        'ol',
        {},
        ...surest.map(({ line, text, target, predicted, probability }) => {
          const percent = (100 * probability).toFixed(0);
          const says = t('{0}, taken for {1} ({2} %)', classes[target], classes[predicted], percent);
          const link = this.#link(t('Line {0}', line), text, confusion.isOfFile ? [line] : []);
          return element('li', {}, link, ` ${shown(says)}: `, element('q', { textContent: shown(text) }));
        }),
      ),
    ];
  }

  /** Makes a button that leads to rows; a text where there are none to lead to. */
  #link(textContent: string, says: string, lines: readonly number[]): HTMLElement {
    if (lines.length === 0) return element('span', { textContent, title: says });
    const made = element('button', { type: 'button', className: 'row-link', textContent, title: says });
    // A label has the words that are seen, by which a button is called by voice.
    made.setAttribute('aria-label', says.includes(textContent) ? says : `${textContent}: ${says}`);
    made.addEventListener('click', () => this.#actions.rows(lines));
    return made;
  }
}

function figuresTable(figures: readonly ClassFigures[]): HTMLTableElement {
  const heads = [t('Class'), t('Rows'), t('Precision'), t('Recall'), 'F1'];
  const share = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(2));
  return element(
    'table',
    {},
    element('caption', { textContent: t('By class, on the held-out rows') }),
    element(
      'thead',
      {},
      element('tr', {}, ...heads.map((textContent) => element('th', { scope: 'col', textContent }))),
    ),
    element(
      'tbody',
      {},
      ...figures.map(({ name, rows, precision, recall, f1 }) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row', textContent: shown(name) }),
          ...[rows.toLocaleString('en'), share(precision), share(recall), share(f1)].map((textContent) =>
            element('td', { textContent }),
          ),
        ),
      ),
    ),
  );
}

function scrolled(table: HTMLTableElement): HTMLElement {
  const made = element('div', { className: 'scrolled', tabIndex: 0 }, table);
  made.setAttribute('role', 'region');
  made.setAttribute('aria-label', table.caption!.textContent!);
  return made;
}
