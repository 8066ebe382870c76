// The two charts of a run: loss, and the gradient's norm.
import {
  Chart,
  type ChartDataset,
  Decimation,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Point,
  PointElement,
  type ScaleOptionsByType,
  Tooltip,
} from 'chart.js';
import type { RunPoints, RunSnapshot, RunStart, StepPoint } from '../../src/protocol/run.ts';
import { readTheme, type Theme } from './theme.ts';

Chart.register(
  Decimation,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
);

type Series = ChartDataset<'line', Point[]>;

/** The smoothed loss looks back a tenth of the updates so far, and 50 at the most. */
const horizon = (updates: number) => Math.min(50, 1 + updates / 10);

export class Charts {
  readonly #loss: Chart<'line', Point[]>;
  readonly #gradient: Chart<'line', Point[]>;
  // Chart.js swaps a dataset's array for a decimated one: these are the whole ones.
  readonly #raw: Point[] = [];
  readonly #smoothed: Point[] = [];
  readonly #validation: Point[] = [];
  readonly #unigram: Point[] = [];
  readonly #norm: Point[] = [];
  readonly #threshold: Point[] = [];
  readonly #clipped: Point[] = [];
  readonly #start: RunStart | null;

  constructor(lossCanvas: HTMLCanvasElement, gradientCanvas: HTMLCanvasElement, run: RunSnapshot) {
    this.#start = run.start;
    const theme = readTheme();
    const line = (label: string, data: Point[], color: string, more: Partial<Series> = {}): Series => ({
      label,
      data,
      borderColor: color,
      backgroundColor: color,
      borderWidth: theme.highContrast ? 2.5 : 1.5,
      pointRadius: 0,
      pointHitRadius: 6,
      ...more,
    });
    this.#loss = chart(lossCanvas, theme, 'linear', 'bits per character', [
      line('validation', this.#validation, theme.validation, { pointRadius: 2.5, pointStyle: 'rectRot' }),
      line('training', this.#smoothed, theme.training),
      line('training, each update', this.#raw, faint(theme.training), { borderWidth: 1 }),
      line('unigram', this.#unigram, theme.reference, { borderDash: [6, 4] }),
    ]);
    this.#gradient = chart(gradientCanvas, theme, 'logarithmic', 'norm', [
      line('gradient norm before clipping', this.#norm, theme.gradient),
      line('clipping threshold', this.#threshold, theme.reference, { borderDash: [6, 4] }),
      line('clipped', this.#clipped, theme.clipped, {
        showLine: false,
        pointRadius: 2,
        pointStyle: 'crossRot',
      }),
    ]);
    this.append(run.points);
  }

  append({ steps, validations }: RunPoints): void {
    for (const point of steps) this.#appendStep(point);
    for (const { step, loss } of validations) this.#validation.push({ x: step, y: loss });
  }

  #appendStep({ step, loss, gradientNorm, clip }: StepPoint): void {
    const before = this.#smoothed.at(-1)?.y ?? loss;
    const weight = 1 - 1 / horizon(this.#smoothed.length);
    this.#raw.push({ x: step, y: loss });
    this.#smoothed.push({ x: step, y: weight * before + (1 - weight) * loss });
    this.#norm.push({ x: step, y: gradientNorm });
    if (clip !== null) {
      this.#threshold.push({ x: step, y: clip });
      if (gradientNorm > clip) this.#clipped.push({ x: step, y: gradientNorm });
    }
  }

  update(): void {
    const last = this.#raw.at(-1)?.x ?? 1;
    if (this.#start) {
      const y = this.#start.unigram;
      this.#unigram.splice(0, this.#unigram.length, { x: 0, y }, { x: last, y });
    }
    for (const each of [this.#loss, this.#gradient]) {
      each.options.scales!.x!.max = last;
      each.update('none');
    }
  }

  destroy(): void {
    this.#loss.destroy();
    this.#gradient.destroy();
  }
}

function faint(color: string): string {
  return `color-mix(in srgb, ${color} 35%, transparent)`;
}

function chart(
  canvas: HTMLCanvasElement,
  theme: Theme,
  type: 'linear' | 'logarithmic',
  unit: string,
  datasets: Series[],
): Chart<'line', Point[]> {
  const font = { family: theme.font, size: theme.fontSize * 0.9 };
  const axis = (title: string) => ({
    grid: { color: theme.grid, tickLength: 4 },
    border: { color: theme.grid },
    ticks: { color: theme.foreground, font, maxRotation: 0 },
    title: { display: true, text: title, color: theme.foreground, font },
  });
  return new Chart(canvas, {
    type: 'line',
    data: { datasets },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: { type: 'linear', min: 0, ...axis('update') },
        y: { type, ...axis(unit) } as unknown as ScaleOptionsByType<'linear'>,
      },
      plugins: {
        decimation: { enabled: true, algorithm: 'min-max' },
        legend: {
          align: 'start',
          labels: { color: theme.foreground, font, usePointStyle: true, pointStyle: 'line' },
        },
        tooltip: { callbacks: { title: ([item]) => `update ${item.parsed.x?.toLocaleString('en')}` } },
      },
    },
  });
}
