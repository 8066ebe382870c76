// The numbers of a run as a table, for users who do not see the curves.
import { type Measures, writeValue } from '../../../src/protocol/metric.ts';
import { measuresOf } from '../../../src/protocol/outcome.ts';
import type { RunPoints, RunSnapshot, StepPoint } from '../../../src/protocol/run.ts';
import { element } from '../figure/element.ts';
import { t } from '../words/l10n.ts';
import { nameAndUnit, term } from '../words/metricText.ts';

/** The greatest number of rows; a longer history is thinned out. */
const mostRows = 100;

/** A table that is folded up at first, with a row for each measurement on the held-out part. */
export class MeasurementTable {
  readonly element: HTMLDetailsElement;
  readonly #caption = element('caption');
  readonly #heads = element('tr');
  readonly #rows = element('tbody');
  #run: RunSnapshot | null = null;

  constructor() {
    this.element = element(
      'details',
      { id: 'table' },
      element('summary', { textContent: t('Table') }),
      element(
        'div',
        { className: 'scrolled' },
        element('table', {}, this.#caption, element('thead', {}, this.#heads), this.#rows),
      ),
    );
    this.element.addEventListener('toggle', () => this.#fill());
  }

  show(run: RunSnapshot | null): void {
    this.#run = run;
    this.element.hidden = !run || run.points.validations.length === 0;
    this.#fill();
  }

  #fill(): void {
    if (!this.element.open || !this.#run) return;
    const measures = measuresOf(this.#run);
    this.#caption.textContent = captionOf(measures);
    this.#heads.replaceChildren(
      ...headsOf(measures).map((textContent) => element('th', { textContent, scope: 'col' })),
    );
    this.#rows.replaceChildren(
      ...rowsOf(this.#run.points, measures).map((cells) =>
        element('tr', {}, ...cells.map((textContent) => element('td', { textContent }))),
      ),
    );
  }
}

function captionOf({ lossUnit, metric }: Measures): string {
  const unit = term(lossUnit);
  return metric
    ? t('Loss in {0} and {1}, at each validation', unit, nameAndUnit(metric))
    : t('Loss in {0}, at each validation', unit);
}

function headsOf({ metric }: Measures): string[] {
  return [
    t('step'),
    t('training'),
    t('validation'),
    ...(metric ? [term(metric.name)] : []),
    t('gradient norm'),
  ];
}

/**
 * Returns a row for each validation; where there are many, only rows at even distances and always the last
 * one.
 */
function rowsOf({ steps, validations }: RunPoints, { metric }: Measures): string[][] {
  const stride = Math.ceil(validations.length / mostRows);
  const shown = validations.filter((_, index) => (validations.length - 1 - index) % stride === 0);
  const wanted = new Set(shown.map(({ step }) => step));
  const byStep = new Map<number, StepPoint>();
  for (const point of steps) if (wanted.has(point.step)) byStep.set(point.step, point);
  return shown.map(({ step, loss, metric: value }) => {
    const point = byStep.get(step);
    return [
      step.toLocaleString('en'),
      point ? writeValue(point.loss, 3) : '',
      writeValue(loss, 3),
      ...(metric ? [value === undefined || value === null ? '' : writeValue(value, 3)] : []),
      point?.gradientNorm.toPrecision(3) ?? '',
    ];
  });
}
