// A run's points → what the charts draw. Grows with the run: each point is looked at once.
import type { RunPoints, StepPoint } from '../../src/protocol/run.ts';

export interface XY {
  readonly x: number;
  readonly y: number;
}

/** The smoothed loss looks back a tenth of the steps so far, and 50 at the most. */
const horizon = (steps: number) => Math.min(50, 1 + steps / 10);

/** Steps of which the share that was clipped is told. */
export const recentSteps = 200;

export class Series {
  readonly loss: XY[] = [];
  readonly smoothed: XY[] = [];
  readonly validation: XY[] = [];
  readonly norm: XY[] = [];
  readonly threshold: XY[] = [];
  readonly clipped: XY[] = [];
  /** Things that happened, at their steps. */
  readonly notes: { readonly x: number; readonly text: string }[] = [];
  #best: XY | null = null;

  /** Of the lowest validation loss; null before there is one. */
  get best(): XY | null {
    return this.#best;
  }

  get last(): number {
    return Math.max(this.loss.at(-1)?.x ?? 0, this.validation.at(-1)?.x ?? 0);
  }

  append({ steps, validations, notes }: RunPoints): void {
    for (const point of steps) this.#appendStep(point);
    for (const { step: x, loss: y } of validations) {
      this.validation.push({ x, y });
      if (this.#best === null || y < this.#best.y) this.#best = { x, y };
    }
    for (const { step: x, text } of notes) this.notes.push({ x, text });
  }

  #appendStep({ step: x, loss, gradientNorm, clip }: StepPoint): void {
    const before = this.smoothed.at(-1)?.y ?? loss;
    const weight = 1 - 1 / horizon(this.smoothed.length);
    this.loss.push({ x, y: loss });
    this.smoothed.push({ x, y: weight * before + (1 - weight) * loss });
    this.norm.push({ x, y: gradientNorm });
    if (clip === null) return;
    this.threshold.push({ x, y: clip });
    if (gradientNorm > clip) this.clipped.push({ x, y: gradientNorm });
  }
}

/** Of the last steps, 0 … 1; null where nothing is clipped or too little has happened to tell. */
export function clippedShare({ steps }: RunPoints): number | null {
  const recent = steps.slice(-recentSteps);
  if (recent.length < recentSteps / 4 || recent.at(-1)!.clip === null) return null;
  return (
    recent.filter(({ gradientNorm, clip }) => clip !== null && gradientNorm > clip).length / recent.length
  );
}
