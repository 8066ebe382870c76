// The charts of a run: loss, the metric where that is another one, and the gradient's norm.
import {
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import Zoom from 'chartjs-plugin-zoom';
import { bitsPerCharacter, lossMetric, type Metric } from '../../../src/protocol/metric.ts';
import { measuresOf } from '../../../src/protocol/outcome.ts';
import type { EarlierRun } from '../../../src/protocol/panel.ts';
import type { ProbePoint, RunPoints, RunSnapshot } from '../../../src/protocol/run.ts';
import { readTheme } from '../figure/theme.ts';
import { t } from '../words/l10n.ts';
import { nameAndUnit, withUnit } from '../words/metricText.ts';
import { FreeRunningChart } from './freeRunningChart.ts';
import { LagChart, LagStrip } from './lag.ts';
import { nearestProbe } from './lagText.ts';
import type { Link } from './link.ts';
import { notesPlugin } from './notesPlugin.ts';
import { Plot } from './plot.ts';
import { RunLines } from './runLines.ts';
import { Series } from './series.ts';
import type { Axes, Line } from './style.ts';

Chart.register(
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
  Zoom,
);

export interface Canvases {
  readonly loss: HTMLCanvasElement;
  readonly metric: HTMLCanvasElement;
  readonly gradient: HTMLCanvasElement;
  readonly lag: HTMLCanvasElement;
  readonly strip: HTMLCanvasElement;
  readonly freeRunning: HTMLCanvasElement;
}

export class Charts {
  readonly #lines: RunLines;
  readonly #plots: readonly Plot[];
  readonly #lag: LagChart;
  readonly #strip: LagStrip;
  readonly #freeRunning: FreeRunningChart;
  readonly #points: RunPoints;
  readonly #series: Series;
  readonly #link: Link;
  readonly #measured: (probe: ProbePoint | undefined) => void;

  /**
   * @param state gives the name of the state whose gradient the strip shows
   * @param measured is called with the measurement of the gradient by lag that is shown
   */
  constructor(
    canvases: Canvases,
    link: Link,
    run: RunSnapshot,
    state: () => string | undefined,
    earlier: readonly EarlierRun[],
    measured: (probe: ProbePoint | undefined) => void,
  ) {
    this.#measured = measured;
    this.#points = run.points;
    this.#link = link;
    this.#series = new Series(measuresOf(run));
    const theme = readTheme();
    const lines = new RunLines(run, earlier, this.#series, theme);
    this.#lines = lines;
    const { measures } = lines;
    const notes = notesPlugin(theme, this.#series.notes);
    const plot = (canvas: HTMLCanvasElement, axes: Axes, of: readonly Line[], beginning?: () => number) =>
      new Plot(canvas, theme, link, notes, axes, of, beginning);
    this.#plots = [
      plot(canvases.loss, valueAxes(lossMetric(measures)), lines.loss(), () => lines.firstLoss),
      ...(measures.metric ? [plot(canvases.metric, valueAxes(measures.metric), lines.metric())] : []),
      plot(canvases.gradient, norms, lines.gradient()),
    ];
    this.#lag = new LagChart(canvases.lag, theme);
    this.#strip = new LagStrip(canvases.strip, theme, link, run.points, state);
    this.#freeRunning = new FreeRunningChart(canvases.freeRunning, theme);
    link.onRange = () => this.update();
    link.onCursor = () => this.#showLag();
    this.append(run.points);
  }

  append(points: RunPoints): void {
    this.#series.append(points);
  }

  update(): void {
    this.#lines.update();
    this.#link.last = Math.max(this.#series.last, this.#lines.longest);
    for (const plot of this.#plots) plot.update();
    this.#strip.update();
    const losses = this.#points.probes.at(-1)?.passage?.freeRunning;
    if (losses) this.#freeRunning.show(losses);
    this.#showLag();
  }

  destroy(): void {
    this.#link.forget();
    for (const plot of this.#plots) plot.destroy();
    this.#lag.destroy();
    this.#strip.destroy();
    this.#freeRunning.destroy();
  }

  /** Shows the measurement nearest to the step that is pointed at, or the last one. */
  #showLag(): void {
    const { cursor } = this.#link;
    const probe = cursor === null ? this.#points.probes.at(-1) : nearestProbe(this.#points, cursor);
    this.#lag.show(probe, this.#lines.otherLags, this.#lines.own);
    this.#measured(probe);
  }
}

const steps = { x: t('step'), title: (step: number) => t('step {0}', step.toLocaleString('en')) };

/** Returns the axes of a chart of a metric or of the loss. */
function valueAxes(metric: Metric): Axes {
  return {
    ...steps,
    y: nameAndUnit(metric),
    scale: 'linear',
    describe: (value) => {
      const text = withUnit(metric, value.toFixed(3));
      return metric.unit === bitsPerCharacter
        ? t('{0}, perplexity {1}', text, (2 ** value).toFixed(2))
        : text;
    },
  };
}

const norms: Axes = {
  ...steps,
  y: t('norm'),
  scale: 'logarithmic',
  describe: (value) => value.toPrecision(3),
};
