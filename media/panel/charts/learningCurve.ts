// The learning curve of a run on few rows: what is reached from parts of them, what the run has reached, and what is to
// be expected of more; with the same numbers as a table.
import { Chart } from 'chart.js';
import {
  type CurvePoint,
  type LearningCurve,
  wouldMoreHelp,
  writeCurveValue,
} from '../../../src/protocol/learningCurve.ts';
import { type Metric, metricOf } from '../../../src/protocol/metric.ts';
import { measuresOf } from '../../../src/protocol/outcome.ts';
import type { RunSnapshot } from '../../../src/protocol/run.ts';
import { csv } from '../figure/csv.ts';
import { element } from '../figure/element.ts';
import type { Saving } from '../figure/frame.ts';
import { readTheme, type Theme } from '../figure/theme.ts';
import { t } from '../words/l10n.ts';
import { nameAndUnit } from '../words/metricText.ts';
import { Figure } from './figure.ts';
import { linesLegend } from './legend.ts';
import type { Link } from './link.ts';
import type { XY } from './series.ts';
import { chartOptions, line, marks } from './style.ts';

export class LearningCurveFigure {
  readonly #figure: Figure;
  readonly #rows = element('tbody');
  #chart: Chart<'line', XY[]> | null = null;
  #curve: LearningCurve | null = null;
  #metric: Metric | null = null;

  constructor(link: Link, actions: Saving) {
    const words = {
      caption: t('What more rows would bring'),
      label: t('The metric by the number of rows that are trained on, and what is to be expected of more'),
    };
    this.#figure = new Figure({ name: 'learning-curve', zooms: false, ...words }, link, actions);
    this.#figure.csv = () => csv(['what', 'rows', 'value'], this.#named());
    const heads = [t('What'), t('Rows'), t('Value')].map((textContent) =>
      element('th', { textContent, scope: 'col' }),
    );
    this.element.append(
      element(
        'details',
        {},
        element('summary', { textContent: t('Table') }),
        element(
          'table',
          {},
          element('caption', { textContent: words.caption }),
          element('thead', {}, element('tr', {}, ...heads)),
          this.#rows,
        ),
      ),
    );
    this.element.hidden = true;
  }

  get element(): HTMLElement {
    return this.#figure.element;
  }

  show(run: RunSnapshot | null): void {
    const curve = run?.status.kind === 'ended' ? (run.status.result.learningCurve ?? null) : null;
    if (curve === this.#curve) return;
    this.#curve = curve;
    this.#metric = run && metricOf(measuresOf(run));
    this.element.hidden = curve === null;
    this.#rows.replaceChildren(
      ...this.#named().map(([what, rows, value]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row', textContent: `${what}` }),
          element('td', { textContent: rows.toLocaleString('en') }),
          element('td', { textContent: writeCurveValue(curve!, value) }),
        ),
      ),
    );
    this.redraw();
  }

  /** Draws again, in the colours of the theme. */
  redraw(): void {
    this.#chart?.destroy();
    this.#chart = null;
    if (!this.#curve || !this.#metric) return;
    const updates = this.#curve.updates.toLocaleString('en');
    this.#figure.note = t('parts of the rows with {0} updates each', updates);
    this.#figure.says = curveSays(this.#curve);
    this.#chart = chartOf(this.#figure.canvas, readTheme(), this.#curve, nameAndUnit(this.#metric));
  }

  /** Returns what each number is, with the number of rows and the value. */
  #named(): [what: string, rows: number, value: number][] {
    if (!this.#curve) return [];
    const { points, expected } = this.#curve;
    const last = points.length - 1;
    return [
      ...points.map(({ rows, value }, index): [string, number, number] => [
        index === last ? whole : parts,
        rows,
        value,
      ]),
      [more, expected.rows, expected.value],
    ];
  }
}

const parts = t('a part of the rows');
const whole = t('this run');
const more = t('to be expected');

/** Says what is to be expected on other rows, and whether more rows would help. */
export function curveSays(curve: LearningCurve): string {
  const { interval, expected } = curve;
  const said = (value: number) => writeCurveValue(curve, value);
  const help = wouldMoreHelp(curve)
    ? t('Twice as many rows are to bring about {0}.', said(expected.value))
    : t('More rows like these would hardly help.');
  if (!interval) return help;
  const [low, high] = interval.map(said);
  return `${t('On other rows, {0} to {1} is to be expected.', low, high)} ${help}`;
}

function chartOf(
  canvas: HTMLCanvasElement,
  theme: Theme,
  curve: LearningCurve,
  y: string,
): Chart<'line', XY[]> {
  const { points, expected, lowerIsBetter } = curve;
  const at = ({ rows, value }: CurvePoint): XY => ({ x: rows, y: value });
  const borderWidth = theme.highContrast ? 2.5 : 1.5;
  const reached = at(points[points.length - 1]);
  const lines = [
    line(parts, points.map(at), theme.training, { borderWidth, pointRadius: 3 }),
    line(more, [reached, at(expected)], theme.reference, { borderWidth, borderDash: [8, 4] }),
    line(whole, [reached], theme.validation, marks('circle', 5)),
  ];
  const axes = {
    x: t('rows'),
    y,
    scale: 'linear' as const,
    title: (rows: number) => t('{0} rows', rows.toLocaleString('en')),
    describe: (value: number) => writeCurveValue(curve, value),
  };
  const options = chartOptions(theme, axes, null);
  Object.assign(options.scales!.x!, { max: expected.rows });
  Object.assign(options.scales!.y!, { min: 0, ...(!lowerIsBetter && { max: 1 }) });
  return new Chart<'line', XY[]>(canvas, {
    type: 'line',
    data: { datasets: lines.map(({ points: drawn, style }) => ({ ...style, data: [...drawn] })) },
    plugins: [linesLegend],
    options,
  });
}
