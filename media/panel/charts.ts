// The charts of a run: loss, and the gradient's norm.
import {
  Chart,
  type ChartDataset,
  type ChartOptions,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
  type PointStyle,
  type ScaleOptionsByType,
  Tooltip,
  type TooltipItem,
} from 'chart.js';
import Zoom from 'chartjs-plugin-zoom';
import type { RunPoints, RunSnapshot, RunStart } from '../../src/protocol/run.ts';
import { decimate } from './decimate.ts';
import type { Link } from './link.ts';
import { Series, type XY } from './series.ts';
import { readTheme, type Theme } from './theme.ts';

Chart.register(
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
  readonly gradient: HTMLCanvasElement;
}

export class Charts {
  readonly #plots: readonly Plot[];
  readonly #series = new Series();
  readonly #best: XY[] = [];
  readonly #unigram: XY[] = [];
  readonly #uniform: XY[] = [];
  readonly #start: RunStart | null;
  readonly #link: Link;

  constructor(canvases: Canvases, link: Link, run: RunSnapshot) {
    this.#start = run.start;
    this.#link = link;
    const theme = readTheme();
    const { validation, smoothed, loss, norm, threshold, clipped } = this.#series;
    const notes = this.#notes(theme);
    this.#plots = [
      new Plot(
        canvases.loss,
        theme,
        link,
        notes,
        { scale: 'linear', unit: 'bits per character', describe: bits },
        [
          line('best', this.#best, theme.foreground, {
            ...marks('circle', 6),
            backgroundColor: 'transparent',
          }),
          line('validation', validation, theme.validation, { pointRadius: 2.5, pointStyle: 'rectRot' }),
          line('training', smoothed, theme.training),
          line('training, each step', loss, faint(theme.training), { borderWidth: 1 }),
          line('unigram', this.#unigram, theme.reference, { borderDash: [8, 4] }),
          line('uniform', this.#uniform, theme.reference, { borderDash: [2, 3] }),
        ],
      ),
      new Plot(
        canvases.gradient,
        theme,
        link,
        notes,
        { scale: 'logarithmic', unit: 'norm', describe: plain },
        [
          line('clipped', clipped, theme.clipped, marks('crossRot', 2.5)),
          line('gradient norm before clipping', norm, theme.gradient),
          line('clipping threshold', threshold, theme.reference, { borderDash: [8, 4] }),
        ],
      ),
    ];
    link.onRange = () => this.update();
    this.append(run.points);
  }

  append(points: RunPoints): void {
    this.#series.append(points);
  }

  update(): void {
    const { last, best } = this.#series;
    this.#link.last = last;
    this.#best.splice(0, 1, ...(best ? [best] : []));
    if (this.#start) {
      for (const [line, y] of [
        [this.#unigram, this.#start.unigram],
        [this.#uniform, this.#start.uniform],
      ] as const)
        line.splice(0, line.length, { x: 0, y }, { x: Math.max(1, last), y });
    }
    for (const plot of this.#plots) plot.update();
  }

  destroy(): void {
    for (const plot of this.#plots) plot.destroy();
  }

  /** A thin line at the step of each thing that happened, with its number in the panel's list. */
  #notes(theme: Theme): Plugin {
    return {
      id: 'notes',
      afterDatasetsDraw: ({ ctx, chartArea: { left, right, top, bottom }, scales }) => {
        ctx.save();
        ctx.strokeStyle = theme.foreground;
        ctx.fillStyle = theme.foreground;
        ctx.font = `${theme.fontSize * 0.8}px ${theme.font}`;
        ctx.setLineDash([1, 3]);
        for (const [index, { x }] of this.#series.notes.entries()) {
          const at = scales.x.getPixelForValue(x);
          if (at < left || at > right) continue;
          ctx.beginPath();
          ctx.moveTo(at, top);
          ctx.lineTo(at, bottom);
          ctx.stroke();
          ctx.fillText(`${index + 1}`, at + 2, top + theme.fontSize * 0.8);
        }
        ctx.restore();
      },
    };
  }
}

type Describe = (value: number) => string;

const bits: Describe = (value) => `${value.toFixed(3)} bpc, perplexity ${(2 ** value).toFixed(2)}`;
const plain: Describe = (value) => value.toPrecision(3);

export function faint(color: string): string {
  return `color-mix(in srgb, ${color} 35%, transparent)`;
}

/** A line with all its points, of which Chart.js gets those that can be seen. */
interface Line {
  readonly points: readonly XY[];
  readonly style: Partial<ChartDataset<'line', XY[]>>;
}

function line(label: string, points: readonly XY[], color: string, style: Line['style'] = {}): Line {
  return { points, style: { label, borderColor: color, backgroundColor: color, pointRadius: 0, ...style } };
}

const marks = (pointStyle: PointStyle, pointRadius: number): Line['style'] => ({
  showLine: false,
  pointStyle,
  pointRadius,
  pointBorderWidth: 1.5,
});

interface ValueAxis {
  readonly scale: 'linear' | 'logarithmic';
  readonly unit: string;
  readonly describe: Describe;
}

/** A chart whose x-axis is the steps. */
class Plot {
  readonly #chart: Chart<'line', XY[]>;
  readonly #lines: readonly Line[];
  readonly #link: Link;

  constructor(
    canvas: HTMLCanvasElement,
    theme: Theme,
    link: Link,
    notes: Plugin,
    axis: ValueAxis,
    lines: readonly Line[],
  ) {
    this.#lines = lines;
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
      plugins: [link.plugin, notes],
      options: options(theme, link, axis),
    });
  }

  update(): void {
    const { min, max } = this.#link.range;
    const width = Math.max(100, this.#chart.chartArea?.width ?? 0);
    for (const [index, { points }] of this.#lines.entries())
      this.#chart.data.datasets[index].data = [...decimate(points, min, max, width >> 1)];
    Object.assign(this.#chart.options.scales!.x!, { min, max });
    this.#chart.update('none');
  }

  destroy(): void {
    this.#chart.destroy();
  }
}

function options(theme: Theme, link: Link, { scale, unit, describe }: ValueAxis): ChartOptions<'line'> {
  const font = { family: theme.font, size: theme.fontSize * 0.9 };
  const axis = (title: string) => ({
    grid: { color: theme.grid, tickLength: 4 },
    border: { color: theme.grid },
    ticks: { color: theme.foreground, font, maxRotation: 0 },
    title: { display: true, text: title, color: theme.foreground, font },
  });
  const moved = ({ chart: { scales } }: { chart: Chart }) => link.show(scales.x.min, scales.x.max);
  return {
    color: theme.foreground,
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'nearestInEach' },
    scales: {
      x: { type: 'linear', min: 0, ...axis('step') },
      y: { type: scale, ...axis(unit) } as unknown as ScaleOptionsByType<'linear'>,
    },
    plugins: {
      legend: {
        align: 'start',
        labels: {
          color: theme.foreground,
          font,
          usePointStyle: true,
          pointStyleWidth: 28,
          generateLabels: (chart) =>
            Chart.defaults.plugins.legend.labels.generateLabels(chart).map((label) => {
              const { showLine, pointStyle = 'circle' } = chart.data.datasets[
                label.datasetIndex!
              ] as ChartDataset<'line'>;
              return { ...label, pointStyle: showLine === false ? (pointStyle as PointStyle) : 'line' };
            }),
        },
      },
      tooltip: {
        position: 'nearest',
        backgroundColor: theme.tooltip,
        titleColor: theme.foreground,
        bodyColor: theme.foreground,
        borderColor: theme.foreground,
        borderWidth: 1,
        titleFont: font,
        bodyFont: font,
        callbacks: {
          title: ([item]) => `step ${item?.parsed.x?.toLocaleString('en')}`,
          label: ({ dataset, parsed: { y } }: TooltipItem<'line'>) => `${dataset.label}: ${describe(y!)}`,
        },
      },
      zoom: {
        limits: { x: { min: 0 } },
        pan: { enabled: true, mode: 'x', onPanComplete: moved },
        zoom: {
          mode: 'x',
          wheel: { enabled: true, modifierKey: 'ctrl' },
          drag: { enabled: true, modifierKey: 'shift', backgroundColor: faint(theme.training) },
          pinch: { enabled: true },
          onZoomComplete: moved,
        },
      },
    },
  };
}
