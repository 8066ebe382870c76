// Turns a run's points into the lines of the charts. The lines grow with the run: each point is visited once.
import { freeRunningLoss, type Measures } from '../../../src/protocol/metric.ts';
import { betterOf } from '../../../src/protocol/outcome.ts';
import type { RunPoints, StepPoint, ValidationPoint } from '../../../src/protocol/run.ts';

export interface XY {
  readonly x: number;
  readonly y: number;
}

/** Returns how many steps the smoothed loss averages over: a tenth of the steps so far, and at most 50. */
const horizon = (steps: number) => Math.min(50, 1 + steps / 10);

export class Series {
  readonly loss: XY[] = [];
  readonly smoothed: XY[] = [];
  readonly validation: XY[] = [];
  /** The loss while the network reads what it writes itself, where that is measured. */
  readonly freeRunning: XY[] = [];
  /** The run's metric, where it is not the loss itself. */
  readonly metric: XY[] = [];
  readonly norm: XY[] = [];
  readonly threshold: XY[] = [];
  /** The norm with which each update was made, after clipping. */
  readonly clipped: XY[] = [];
  /** The run's notes, each at its step. */
  readonly notes: { readonly x: number; readonly text: string }[] = [];
  readonly #judgedBy: Measures['metric'];
  #best: ValidationPoint | null = null;

  /** @param measures those of the run, by whose metric the best state is kept */
  constructor({ metric }: Measures) {
    this.#judgedBy = metric;
  }

  /** The validation loss of the best state, which is the one that is kept; null before there is one. */
  get best(): XY | null {
    return this.#best && { x: this.#best.step, y: this.#best.loss };
  }

  /** The metric of that state; null where there is none. */
  get bestMetric(): XY | null {
    const { step: x, metric: y } = this.#best ?? {};
    return x === undefined || y === undefined ? null : { x, y };
  }

  get last(): number {
    return Math.max(this.loss.at(-1)?.x ?? 0, this.validation.at(-1)?.x ?? 0);
  }

  append({ steps, validations, notes }: RunPoints): void {
    for (const point of steps) this.#appendStep(point);
    for (const validation of validations) {
      const { step: x, loss: y, metric, furtherMetrics } = validation;
      this.validation.push({ x, y });
      const free = furtherMetrics?.[freeRunningLoss];
      if (free !== undefined) this.freeRunning.push({ x, y: free });
      if (metric !== undefined) this.metric.push({ x, y: metric });
      this.#best = betterOf(this.#judgedBy, this.#best, validation);
    }
    for (const { step: x, text } of notes) this.notes.push({ x, text });
  }

  #appendStep({ step: x, loss, gradientNorm, clip }: StepPoint): void {
    // A run that explodes may come back from infinity.
    const last = this.smoothed.at(-1)?.y ?? loss;
    const before = Number.isFinite(last) ? last : loss;
    const weight = 1 - 1 / horizon(this.smoothed.length);
    this.loss.push({ x, y: loss });
    this.smoothed.push({ x, y: weight * before + (1 - weight) * loss });
    this.norm.push({ x, y: gradientNorm });
    if (clip === null) return;
    this.threshold.push({ x, y: clip });
    this.clipped.push({ x, y: Math.min(gradientNorm, clip) });
  }
}
