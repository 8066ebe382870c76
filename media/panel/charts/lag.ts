// Charts of the gradient by lag: a line for each state, and for one state a strip with a bar for each
// measurement.
import { Chart, type Plugin } from 'chart.js';
import type { ProbePoint, RunPoints } from '../../../src/protocol/run.ts';
import { exploded, heatColor, vanished } from '../figure/heat.ts';
import { InView } from '../figure/inView.ts';
import type { Theme } from '../figure/theme.ts';
import { t } from '../words/l10n.ts';
import { readableName } from '../words/stateName.ts';
import { legendOf, linesLegend, swatchWidth } from './legend.ts';
import type { Link } from './link.ts';
import type { XY } from './series.ts';
import { barsAt } from './strip.ts';
import { type Axes, chartOptions, line } from './style.ts';

/** The dash patterns of lines, in pixels; the first is a solid line. */
export const dashes = [[], [8, 3], [2, 2], [8, 3, 2, 3], [12, 3], [4, 4]];

const byLag: Axes = {
  x: t('steps back'),
  y: t('norm'),
  scale: 'logarithmic',
  title: (lag) => t('{0} steps back', lag),
  describe: (value, points) =>
    t('{0}, {1} of the first', value.toPrecision(3), (value / points[0].y).toPrecision(2)),
};

const overSteps: Axes = {
  x: t('step'),
  y: t('steps back'),
  scale: 'linear',
  title: (step) => t('step {0}', step),
  describe: String,
};

/** The gradient by lag of another run, of which one state is drawn. */
export interface OtherLag {
  readonly label: string;
  readonly probe: ProbePoint;
  readonly state: string | undefined;
}

/** A chart of the gradient's norm by lag at one moment of the training. */
export class LagChart {
  readonly #chart: Chart<'line', XY[]>;
  readonly #theme: Theme;
  readonly #inView: InView;
  #shown: ProbePoint | null | undefined = null;

  constructor(canvas: HTMLCanvasElement, theme: Theme) {
    this.#theme = theme;
    this.#chart = new Chart<'line', XY[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [linesLegend],
      options: chartOptions(theme, byLag, null),
    });
    this.#inView = new InView(canvas, () => this.#chart.update('none'));
  }

  /**
   * Shows a measurement, beside those of other runs, which stay the same.
   * @param own says whose a state of the run itself is, where there are others
   */
  show(probe: ProbePoint | undefined, others: readonly OtherLag[], own: (state: string) => string): void {
    if (probe === this.#shown) return;
    this.#shown = probe;
    const { several, highContrast } = this.#theme;
    const states = [
      ...Object.entries(probe?.gradientByLag ?? {}).map(
        ([name, norms]) => [own(readableName(name)), norms] as const,
      ),
      ...others.flatMap(({ label, probe: { gradientByLag }, state }) =>
        state === undefined ? [] : [[`${label}: ${readableName(state)}`, gradientByLag[state]] as const],
      ),
    ];
    this.#chart.data.datasets = states.map(([name, norms], index) => ({
      ...line(name, [], several[index % several.length], {
        // Colours and dashes begin again together, so that a dash is skipped then.
        borderDash: dashes[(index + Math.floor(index / several.length)) % dashes.length],
        borderWidth: highContrast ? 2.5 : 1.5,
      }).style,
      // Zero has no place on a logarithmic axis.
      data: norms.flatMap((y, x) => (y > 0 ? [{ x, y }] : [])),
    }));
    const most = Math.max(2, ...states.map(([, norms]) => norms.length));
    Object.assign(this.#chart.options.scales!.x!, { max: most - 1 });
    this.#inView.draw();
  }

  destroy(): void {
    this.#inView.disconnect();
    this.#chart.destroy();
  }
}

/**
 * The ends of the colour scale, each of which goes from ratio 1 to where the colour does not change any more.
 */
const heatEnds = [vanished, exploded];

const heatItems = ({ options }: Chart) =>
  [t('vanishes, to {0} of lag 0', vanished.toExponential()), t('explodes, to {0} times', exploded)].map(
    (text) => ({
      text,
      fontColor: options.color as string,
      fillStyle: 'transparent',
      strokeStyle: 'transparent',
    }),
  );

const heatLegend = legendOf(() =>
  heatEnds.map((end) => (ctx, x, y) => {
    const [left, height] = [x - swatchWidth / 2, 10];
    const gradient = ctx.createLinearGradient(left, y, left + swatchWidth, y);
    for (const [offset, ratio] of [1, end].entries()) {
      const [red, green, blue, alpha] = heatColor(ratio);
      gradient.addColorStop(offset, `rgb(${red} ${green} ${blue} / ${alpha / 255})`);
    }
    ctx.fillStyle = gradient;
    ctx.fillRect(left, y - height / 2, swatchWidth, height);
    ctx.strokeRect(left, y - height / 2, swatchWidth, height);
  }),
);

/**
 * A chart of lag by step, which shows how the gradient by lag has changed. Nothing is drawn between two
 * measurements, since nothing is known there.
 */
export class LagStrip {
  readonly #chart: Chart<'line', XY[]>;
  readonly #link: Link;
  readonly #points: RunPoints;
  readonly #state: () => string | undefined;
  readonly #inView: InView;

  constructor(
    canvas: HTMLCanvasElement,
    theme: Theme,
    link: Link,
    points: RunPoints,
    state: () => string | undefined,
  ) {
    this.#link = link;
    this.#points = points;
    this.#state = state;
    const options = chartOptions(theme, overSteps, link);
    const { legend } = options.plugins!;
    this.#chart = new Chart<'line', XY[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [link.plugin, this.#picture, heatLegend],
      options: {
        ...options,
        plugins: {
          ...options.plugins,
          legend: { ...legend, onClick: () => {}, labels: { ...legend?.labels, generateLabels: heatItems } },
          tooltip: { enabled: false },
        },
      },
    });
    this.#inView = new InView(canvas, () => this.#chart.update('none'));
  }

  update(): void {
    const { min, max } = this.#link.range;
    const lags = this.#points.probes[0]?.gradientByLag[this.#state() ?? '']?.length ?? 2;
    Object.assign(this.#chart.options.scales!.x!, { min, max });
    Object.assign(this.#chart.options.scales!.y!, { min: 0, max: lags - 1 });
    this.#inView.draw();
  }

  destroy(): void {
    this.#inView.disconnect();
    this.#chart.destroy();
  }

  readonly #picture: Plugin<'line'> = {
    id: 'picture',
    beforeDatasetsDraw: ({ ctx, chartArea: { left, right, top, bottom }, scales }) => {
      const state = this.#state();
      const { min, max } = this.#link.range;
      // The state that is chosen may be that of the run before, until the panel names those of this one.
      const visible = this.#points.probes.flatMap(({ step, gradientByLag }) => {
        const norms = state === undefined ? undefined : gradientByLag[state];
        return norms && step >= min && step <= max ? [{ step, norms }] : [];
      });
      if (visible.length === 0) return;
      const bars = barsAt(visible.map(({ step }) => scales.x.getPixelForValue(step)));
      const height = visible[0].norms.length;
      const image = new ImageData(bars.length, height);
      for (const [x, { index }] of bars.entries()) {
        const { norms } = visible[index];
        for (let lag = 0; lag < height; lag++)
          image.data.set(heatColor(norms[lag] / norms[0]), 4 * ((height - 1 - lag) * bars.length + x));
      }
      const picture = new OffscreenCanvas(bars.length, height);
      picture.getContext('2d')!.putImageData(image, 0, 0);
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top, right - left, bottom - top);
      ctx.clip();
      ctx.imageSmoothingEnabled = false;
      for (const [x, bar] of bars.entries())
        ctx.drawImage(picture, x, 0, 1, height, bar.left, top, bar.width, bottom - top);
      ctx.restore();
    },
  };
}
