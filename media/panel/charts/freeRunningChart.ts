// The losses with teacher forcing and of the network running freely, by how many tokens ago it last read the true text.
import { Chart } from 'chart.js';
import type { FreeRunning } from '../../../src/protocol/run.ts';
import { csv } from '../figure/csv.ts';
import { InView } from '../figure/inView.ts';
import type { Theme } from '../figure/theme.ts';
import { t } from '../words/l10n.ts';
import { linesLegend } from './legend.ts';
import type { XY } from './series.ts';
import { type Axes, chartOptions, line } from './style.ts';

const byDistance: Axes = {
  x: t('tokens after the passage'),
  y: t('bits per token'),
  scale: 'linear',
  title: (distance) => t('token {0}', distance),
  describe: (value) => value.toFixed(2),
};

export class FreeRunningChart {
  readonly #chart: Chart<'line', XY[]>;
  readonly #styles;
  readonly #inView: InView;
  #shown: FreeRunning | null = null;

  constructor(canvas: HTMLCanvasElement, theme: Theme) {
    const borderWidth = theme.highContrast ? 2.5 : 1.5;
    this.#styles = [
      line(t('teacher forcing: it reads the true text'), [], theme.training, { borderWidth }).style,
      line(t('free running: it reads what it wrote'), [], theme.several[1], {
        borderWidth,
        borderDash: [8, 3],
      }).style,
    ];
    this.#chart = new Chart<'line', XY[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [linesLegend],
      options: chartOptions(theme, byDistance, null),
    });
    this.#inView = new InView(canvas, () => this.#chart.update('none'));
  }

  show(losses: FreeRunning): void {
    if (losses === this.#shown) return;
    this.#shown = losses;
    const points = (values: readonly number[]) => values.map((y, index) => ({ x: index + 1, y }));
    this.#chart.data.datasets = [losses.forced, losses.free].map((values, index) => ({
      ...this.#styles[index],
      data: points(values),
    }));
    Object.assign(this.#chart.options.scales!.x!, { min: 1, max: losses.forced.length });
    Object.assign(this.#chart.options.scales!.y!, { min: 0 });
    this.#inView.draw();
  }

  destroy(): void {
    this.#inView.disconnect();
    this.#chart.destroy();
  }
}

export function freeRunningCsv(losses: FreeRunning | null | undefined): string {
  return csv(
    ['tokens after the passage', 'teacher forcing (bits)', 'free running (bits)'],
    losses?.forced.map((loss, index) => [index + 1, loss, losses.free[index]]) ?? [],
  );
}
