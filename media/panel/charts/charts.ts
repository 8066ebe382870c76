// The charts of a run: loss, the metric where that is another one, and the gradient's norm.
import {
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
  Tooltip,
} from 'chart.js';
import Zoom from 'chartjs-plugin-zoom';
import { bitsPerCharacter, lossMetric, type Measures, type Metric } from '../../../src/protocol/metric.ts';
import type { EarlierRun } from '../../../src/protocol/panel.ts';
import type { ProbePoint, RunPoints, RunSnapshot } from '../../../src/protocol/run.ts';
import { InView } from '../figure/inView.ts';
import { readTheme, type Theme } from '../figure/theme.ts';
import { labels, sharesLoss, sharesMetric, shownMeasures } from '../tables/comparison.ts';
import { t } from '../words/l10n.ts';
import { nameAndUnit, term, withUnit } from '../words/metricText.ts';
import { axisTop } from './axisTop.ts';
import { decimate } from './decimate.ts';
import { FreeRunningChart } from './freeRunningChart.ts';
import { dashes, LagChart, LagStrip, type OtherLag } from './lag.ts';
import { nearestProbe, statesOf } from './lagText.ts';
import { linesLegend } from './legend.ts';
import type { Link } from './link.ts';
import { groups } from './noteGroups.ts';
import { Series, type XY } from './series.ts';
import { type Axes, baselineDashes, chartOptions, faint, type Line, line, marks } from './style.ts';

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
  readonly #plots: readonly Plot[];
  readonly #lag: LagChart;
  readonly #strip: LagStrip;
  readonly #freeRunning: FreeRunningChart;
  readonly #earlier: readonly OtherLag[];
  readonly #points: RunPoints;
  readonly #own: (text: string) => string;
  readonly #series = new Series();
  readonly #best: XY[] = [];
  readonly #bestMetric: XY[] = [];
  readonly #baselines: readonly { readonly name: string; readonly value: number; readonly line: XY[] }[];
  /** The number of steps of the longest run that is drawn under this one. */
  readonly #longest: number;
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
    this.#baselines = (run.start?.baselines ?? []).map((each) => ({ ...each, line: [] }));
    this.#link = link;
    const theme = readTheme();
    const { validation, freeRunning, smoothed, loss, metric, norm, threshold, clipped } = this.#series;
    const notes = this.#notes(theme);
    const [name, ...names] = labels([run, ...earlier.map((each) => each.run)]);
    // Among several runs, a line says whose it is.
    const own = (text: string) => (earlier.length > 0 ? `${name}: ${text}` : text);
    this.#own = own;
    this.#earlier = earlier.flatMap(({ run: { points } }, index) => {
      const [probe] = points.probes;
      return probe ? [{ label: names[index], probe, state: statesOf(points)[0] }] : [];
    });
    // Each run has its own pair of colour and dash; there are as many pairs as the product of both counts.
    const laid = earlier.map(({ run }, index) => ({
      run,
      label: names[index],
      color: theme.several[(index + 1) % theme.several.length],
      dash: { borderDash: dashes[1 + (index % (dashes.length - 1))] },
    }));
    const measures = shownMeasures(
      run,
      earlier.map((each) => each.run),
    );
    /** Returns a line for each earlier run whose values are in the unit of this one's. */
    const under = (
      isDrawn: (measures: Measures, other: RunSnapshot) => boolean,
      pointsOf: (points: RunPoints) => XY[],
    ) =>
      laid
        .filter((each) => isDrawn(measures, each.run))
        .map(({ label, color, dash, run: { points } }) => line(label, pointsOf(points), color, dash));
    this.#longest = Math.max(0, ...earlier.map(({ run }) => run.points.steps.at(-1)?.step ?? 0));
    const best = (points: readonly XY[]) =>
      line(own(t('best')), points, theme.foreground, {
        ...marks('circle', 6),
        backgroundColor: 'transparent',
      });
    const validated = { pointRadius: 2.5, pointStyle: 'rectRot' } as const;
    const baselines = this.#baselines.map(({ name, line: points }, index) =>
      line(term(name), points, theme.reference, {
        borderDash: baselineDashes[index % baselineDashes.length],
      }),
    );
    this.#plots = [
      new Plot(
        canvases.loss,
        theme,
        link,
        notes,
        valueAxes(lossMetric(measures)),
        [
          best(this.#best),
          line(own(t('validation')), validation, theme.validation, validated),
          ...(run.start?.task === 'encoder-decoder'
            ? [
                line(own(t('validation, free running')), freeRunning, theme.validation, {
                  ...validated,
                  borderDash: [8, 3],
                }),
              ]
            : []),
          line(own(t('training')), smoothed, theme.training),
          line(own(t('training, each step')), loss, faint(theme.training), { borderWidth: 1 }),
          ...(measures.metric ? [] : baselines),
          ...under(sharesLoss, ({ validations }) => validations.map(({ step: x, loss: y }) => ({ x, y }))),
        ],
        () =>
          Math.max(
            ...[run, ...earlier.map((each) => each.run)].map(({ points }) => points.steps[0]?.loss ?? 0),
          ),
      ),
      ...(measures.metric
        ? [
            new Plot(canvases.metric, theme, link, notes, valueAxes(measures.metric), [
              best(this.#bestMetric),
              line(own(t('validation')), metric, theme.validation, validated),
              ...baselines,
              ...under(sharesMetric, ({ validations }) =>
                validations.flatMap(({ step: x, metric: y }) => (y === undefined ? [] : [{ x, y }])),
              ),
            ]),
          ]
        : []),
      new Plot(canvases.gradient, theme, link, notes, norms, [
        line(own(t('before clipping')), norm, theme.gradient),
        // It is drawn behind the other line, and is seen where it differs.
        line(own(t('after clipping')), clipped, theme.clipped, { borderWidth: 1 }),
        line(t('clipping threshold'), threshold, theme.reference, { borderDash: [8, 4] }),
        ...under(sharesLoss, ({ steps }) => steps.map(({ step: x, gradientNorm: y }) => ({ x, y }))),
      ]),
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
    const { last, best, bestMetric } = this.#series;
    this.#link.last = Math.max(last, this.#longest);
    this.#best.splice(0, 1, ...(best ? [best] : []));
    this.#bestMetric.splice(0, 1, ...(bestMetric ? [bestMetric] : []));
    for (const { value: y, line } of this.#baselines)
      line.splice(0, line.length, { x: 0, y }, { x: Math.max(1, last), y });
    for (const plot of this.#plots) plot.update();
    this.#strip.update();
    const losses = this.#points.probes.at(-1)?.passage?.freeRunning;
    if (losses) this.#freeRunning.show(losses);
    this.#showLag();
  }

  destroy(): void {
    for (const plot of this.#plots) plot.destroy();
    this.#lag.destroy();
    this.#strip.destroy();
    this.#freeRunning.destroy();
  }

  /** Shows the measurement nearest to the step that is pointed at, or the last one. */
  #showLag(): void {
    const { cursor } = this.#link;
    const probe = cursor === null ? this.#points.probes.at(-1) : nearestProbe(this.#points, cursor);
    this.#lag.show(probe, this.#earlier, this.#own);
    this.#measured(probe);
  }

  /** Draws a thin line at the step of each note, with its number in the panel's list, or those of its neighbours. */
  #notes(theme: Theme): Plugin<'line'> {
    return {
      id: 'notes',
      afterDatasetsDraw: ({ ctx, chartArea: { left, right, top, bottom }, scales }) => {
        ctx.save();
        ctx.strokeStyle = theme.foreground;
        ctx.fillStyle = theme.foreground;
        ctx.font = `${theme.fontSize * 0.8}px ${theme.font}`;
        ctx.setLineDash([1, 3]);
        const places = this.#series.notes
          .map(({ x }, index) => ({ at: scales.x.getPixelForValue(x), number: index + 1 }))
          .filter(({ at }) => at >= left && at <= right);
        for (const { at } of places) {
          ctx.beginPath();
          ctx.moveTo(at, top);
          ctx.lineTo(at, bottom);
          ctx.stroke();
        }
        for (const { at, label } of groups(places, 2.5 * theme.fontSize))
          ctx.fillText(label, at + 2, top + theme.fontSize * 0.8);
        ctx.restore();
      },
    };
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

/** A chart whose x-axis is the steps. */
class Plot {
  readonly #chart: Chart<'line', XY[]>;
  readonly #lines: readonly Line[];
  readonly #link: Link;
  readonly #beginning: () => number;
  readonly #inView: InView;

  /** @param beginning returns the value from which the runs began, where a value that has exploded leaves the chart */
  constructor(
    canvas: HTMLCanvasElement,
    theme: Theme,
    link: Link,
    notes: Plugin<'line'>,
    axes: Axes,
    lines: readonly Line[],
    beginning: () => number = () => 0,
  ) {
    this.#lines = lines;
    this.#beginning = beginning;
    this.#link = link;
    this.#chart = new Chart<'line', XY[]>(canvas, {
      type: 'line',
      data: {
        datasets: lines.map(({ style }) => ({
          borderWidth: theme.highContrast ? 2.5 : 1.5,
          ...style,
          data: [],
        })),
      },
      plugins: [link.plugin, notes, linesLegend],
      options: {
        ...chartOptions(theme, axes, link),
        onResize: (chart) => this.#fill(chart as Chart<'line', XY[]>),
      },
    });
    this.#inView = new InView(canvas, () => this.#update());
  }

  update(): void {
    this.#inView.draw();
  }

  #update(): void {
    this.#fill(this.#chart);
    const { min, max } = this.#link.range;
    Object.assign(this.#chart.options.scales!.x!, { min, max });
    Object.assign(this.#chart.options.scales!.y!, {
      max: axisTop(this.#chart.data.datasets, this.#beginning()),
    });
    this.#chart.canvas.ariaDescription = t(
      'Shows the steps from {0} to {1}.',
      Math.round(min).toLocaleString('en'),
      Math.round(max).toLocaleString('en'),
    );
    this.#chart.update('none');
  }

  destroy(): void {
    this.#inView.disconnect();
    this.#chart.destroy();
  }

  /** Gives the chart as many points of each line as there is room for. */
  #fill({ data, width }: Chart<'line', XY[]>): void {
    const { min, max } = this.#link.range;
    for (const [index, { points }] of this.#lines.entries())
      data.datasets[index].data = [...decimate(points, min, max, Math.max(100, width) >> 1)];
  }
}
