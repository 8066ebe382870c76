// A chart of lines over the steps of a run.
import { Chart, type Plugin } from 'chart.js';
import { InView } from '../figure/inView.ts';
import type { Theme } from '../figure/theme.ts';
import { t } from '../words/l10n.ts';
import { axisTop } from './axisTop.ts';
import { decimate } from './decimate.ts';
import { linesLegend } from './legend.ts';
import type { Link } from './link.ts';
import type { XY } from './series.ts';
import { type Axes, chartOptions, type Line } from './style.ts';

/** A chart whose x-axis is the steps. */
export class Plot {
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
