// The forecast of the first held-out rows: the series before it, what came true, the interval, and what the baselines
// forecast.
import { Chart } from 'chart.js';
import type { HeldOutColumn, HeldOutForecast } from '../../../src/protocol/forecast.ts';
import type { RunSnapshot } from '../../../src/protocol/run.ts';
import { shown } from '../../../src/protocol/shownText.ts';
import { element } from '../figure/element.ts';
import type { Saving } from '../figure/frame.ts';
import { readTheme, type Theme } from '../figure/theme.ts';
import { forecastSays } from '../words/captions.ts';
import { t } from '../words/l10n.ts';
import { term } from '../words/metricText.ts';
import { Figure } from './figure.ts';
import { forecastCsv } from './forecastCsv.ts';
import { linesLegend } from './legend.ts';
import type { Link } from './link.ts';
import type { XY } from './series.ts';
import { baselineDashes, chartOptions, faint, line } from './style.ts';

export class ForecastFigure {
  readonly #figure: Figure;
  readonly #column = element('select', { title: t('Column') });
  #chart: Chart<'line', XY[]> | null = null;
  #forecast: HeldOutForecast | null = null;

  constructor(link: Link, actions: Saving) {
    this.#column.setAttribute('aria-label', t('Column whose forecast is shown'));
    this.#column.addEventListener('change', () => this.redraw());
    const words = {
      caption: t('Forecast of the held-out rows'),
      label: t('The series, its forecast with an interval, what came true, and the baselines, by row'),
    };
    this.#figure = new Figure({ name: 'forecast', zooms: false, ...words }, link, actions, this.#column);
    this.#figure.csv = () => (this.#forecast ? forecastCsv(this.#forecast) : '');
    this.element.hidden = true;
  }

  get element(): HTMLElement {
    return this.#figure.element;
  }

  show(run: RunSnapshot | null): void {
    const forecast = run?.status.kind === 'ended' ? (run.status.result.forecast ?? null) : null;
    if (forecast === this.#forecast) return;
    this.#forecast = forecast;
    this.element.hidden = forecast === null;
    const names = forecast?.columns.map(({ name }) => name) ?? [];
    this.#column.hidden = names.length < 2;
    this.#column.replaceChildren(
      ...names.map((name, index) => element('option', { value: String(index), textContent: shown(name) })),
    );
    this.redraw();
  }

  /** Draws again, in the colours of the theme. */
  redraw(): void {
    this.#chart?.destroy();
    this.#chart = null;
    const column = this.#forecast?.columns[Number(this.#column.value)];
    if (!column) return;
    this.#figure.note = t('{0} % interval, running freely', 100 * this.#forecast!.level);
    this.#figure.says = forecastSays(column);
    this.#chart = chartOf(this.#figure.canvas, readTheme(), column, this.#forecast!);
  }
}

function chartOf(
  canvas: HTMLCanvasElement,
  theme: Theme,
  column: HeldOutColumn,
  { rows, level }: HeldOutForecast,
): Chart<'line', XY[]> {
  const { before, actual, forecast, lower, upper, baselines } = column;
  const from = (start: number, values: readonly number[]): XY[] =>
    values.map((y, index) => ({ x: start + index + 1, y }));
  // The forecast begins at the last number before it, so that the lines are joined.
  const joined = (values: readonly number[]) => from(rows - 1, [...before.slice(-1), ...values]);
  const width = { borderWidth: theme.highContrast ? 2.5 : 1.5 };
  const thin = { borderWidth: 1 };
  const lines = [
    line(t('the series'), from(rows - before.length, before), theme.foreground, width),
    line(t('what came true'), joined(actual), theme.validation, width),
    line(t('forecast'), joined(forecast), theme.training, { ...width, borderWidth: 2 }),
    line(t('{0} % interval', 100 * level), joined(upper), faint(theme.training), thin),
    ...baselines.map(({ name, values }, index) =>
      line(term(name), joined(values), theme.reference, {
        ...thin,
        borderDash: baselineDashes[index % baselineDashes.length],
      }),
    ),
    line('', joined(lower), faint(theme.training), thin),
  ];
  // The space between both ends of the interval is filled.
  lines[3].style.fill = {
    target: lines.length - 1,
    above: faint(theme.training),
    below: faint(theme.training),
  };
  const axes = {
    x: t('row'),
    y: shown(column.name),
    scale: 'linear' as const,
    title: (row: number) => t('row {0}', row.toLocaleString('en')),
    describe: (value: number) => `${Number(value.toPrecision(5))}`,
  };
  const options = chartOptions(theme, axes, null);
  // A baseline may run away, and would squeeze all else.
  const seen = [...before, ...actual, ...forecast, ...lower, ...upper].filter(Number.isFinite);
  const [low, high] = [Math.min(...seen), Math.max(...seen)];
  const margin = 0.05 * (high - low || 1);
  Object.assign(options.scales!.y!, { min: low - margin, max: high + margin });
  Object.assign(options.scales!.y!.ticks!, { includeBounds: false });
  Object.assign(options.scales!.x!, { min: rows - before.length + 1, max: rows + actual.length });
  // The lower end of the interval has the name of the upper one.
  options.plugins!.legend!.labels!.filter = ({ text }) => text !== '';
  return new Chart<'line', XY[]>(canvas, {
    type: 'line',
    data: { datasets: lines.map(({ points, style }) => ({ ...style, data: [...points] })) },
    plugins: [linesLegend],
    options,
  });
}
