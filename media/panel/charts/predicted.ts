// The numbers that were predicted for held-out rows against the true ones: a point a row, on the diagonal where it is right.
import { Chart } from 'chart.js';
import type { PredictedNumbers } from '../../../src/protocol/regression.ts';
import type { RunSnapshot } from '../../../src/protocol/run.ts';
import { shown } from '../../../src/protocol/shownText.ts';
import { csv } from '../figure/csv.ts';
import type { Saving } from '../figure/frame.ts';
import { readTheme, type Theme } from '../figure/theme.ts';
import { predictedSays } from '../words/captions.ts';
import { t } from '../words/l10n.ts';
import { Figure } from './figure.ts';
import { linesLegend } from './legend.ts';
import type { Link } from './link.ts';
import type { XY } from './series.ts';
import { chartOptions, line, marks } from './style.ts';

export class PredictedFigure {
  readonly #figure: Figure;
  #chart: Chart<'line', XY[]> | null = null;
  #predicted: PredictedNumbers | null = null;

  constructor(link: Link, actions: Saving) {
    const words = {
      caption: t('Predicted and true numbers'),
      label: t('What was predicted for each held-out row, by what is true'),
    };
    this.#figure = new Figure({ name: 'predicted', zooms: false, ...words }, link, actions);
    this.#figure.csv = () => (this.#predicted ? predictedCsv(this.#predicted) : '');
    this.element.hidden = true;
  }

  get element(): HTMLElement {
    return this.#figure.element;
  }

  show(run: RunSnapshot | null): void {
    const predicted = run?.status.kind === 'ended' ? (run.status.result.predicted ?? null) : null;
    if (predicted === this.#predicted) return;
    this.#predicted = predicted;
    this.element.hidden = predicted === null;
    this.redraw();
  }

  /** Draws again, in the colours of the theme. */
  redraw(): void {
    this.#chart?.destroy();
    this.#chart = null;
    const predicted = this.#predicted;
    if (!predicted) return;
    this.#figure.note = shown(predicted.column);
    this.#figure.says = predictedSays(predicted);
    this.#chart = chartOf(this.#figure.canvas, readTheme(), predicted);
  }
}

function predictedCsv({ rows }: PredictedNumbers): string {
  return csv(
    ['line', 'true', 'predicted', 'lower', 'upper'],
    rows.map(({ line, actual, predicted, lower, upper }) => [line, actual, predicted, lower, upper]),
  );
}

function chartOf(canvas: HTMLCanvasElement, theme: Theme, { rows }: PredictedNumbers): Chart<'line', XY[]> {
  const points = rows
    .map(({ actual, predicted }): XY => ({ x: actual, y: predicted }))
    .sort((a, b) => a.x - b.x);
  const all = points.flatMap(({ x, y }) => [x, y]).filter(Number.isFinite);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const margin = 0.05 * (high - low || 1);
  const range = { min: low - margin, max: high + margin };
  const lines = [
    line(t('held-out rows'), points, theme.training, marks('circle', 3)),
    line(
      t('right'),
      [range.min, range.max].map((at) => ({ x: at, y: at })),
      theme.reference,
      {
        borderWidth: 1,
        borderDash: [8, 4],
      },
    ),
  ];
  const digits = (value: number) => `${Number(value.toPrecision(4))}`;
  const options = chartOptions(
    theme,
    {
      x: t('true'),
      y: t('predicted'),
      scale: 'linear',
      title: (value) => t('true {0}', digits(value)),
      describe: digits,
    },
    null,
  );
  for (const axis of [options.scales!.x!, options.scales!.y!]) {
    Object.assign(axis, range);
    Object.assign(axis.ticks!, {
      includeBounds: false,
      callback: (value: number | string) => digits(Number(value)),
    });
  }
  return new Chart<'line', XY[]>(canvas, {
    type: 'line',
    data: { datasets: lines.map(({ points: data, style }) => ({ ...style, data: [...data] })) },
    plugins: [linesLegend],
    options,
  });
}
