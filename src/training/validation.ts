// Looks at the held-out tail: when one is due, what the best state was, and when to give up hope of a better one.
import type { TrainableNetwork } from '../backend/engine.ts';
import type { HeldOutRows } from '../data/text/heldOut.ts';
import type { TrainOptions } from '../language/options.ts';
import type { ValidationPoint } from '../protocol/run.ts';
import type { BitsPerCharacter } from './bitsPerCharacter.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Where a run is bounded by epochs and must not depend on time, looks in an epoch. */
const perEpoch = 10;

/** A look may cost this share of the time. */
const share = 0.08;

/** The first comes after so many updates. */
const first = 10;

/** Before a run ends early, it has also gone on for this share of its updates without a better state. */
const fruitlessShare = 0.4;

/**
 * Nor does it end before its rate has been at its height for as long as it took to get there. In a short text, looks
 * follow one another closely, and a network that has only learned how frequent characters are stands still for some
 * fifty updates before it learns what follows what.
 */
const warmups = 2;

export class Validation {
  /** null where nothing is held out: the last state looked at is the best then. */
  readonly #held: HeldOutRows | null;
  readonly #measure: BitsPerCharacter;
  readonly #options: Pick<TrainOptions, 'seconds' | 'patience' | 'warmup'>;
  readonly #updatesPerEpoch: number;
  readonly #now: () => number;
  #best: Checkpoint['best'];
  #lastStep: number;
  #lastAt = 0;
  /** Milliseconds of the last look. */
  #cost = 0;
  /** Looks since the best state. */
  #fruitless = 0;

  /** @param earlier where the run goes on from */
  constructor(
    held: HeldOutRows | null,
    measure: BitsPerCharacter,
    options: Pick<TrainOptions, 'seconds' | 'patience' | 'warmup'>,
    updatesPerEpoch: number,
    now: () => number,
    earlier: Pick<Checkpoint, 'best' | 'step' | 'fruitlessLooks' | 'lastLook'>,
  ) {
    this.#held = held;
    this.#measure = measure;
    this.#options = options;
    this.#updatesPerEpoch = updatesPerEpoch;
    this.#now = now;
    this.#best = earlier.best;
    this.#lastStep = earlier.lastLook ?? earlier.step;
    this.#fruitless = earlier.fruitlessLooks ?? 0;
  }

  get best(): Checkpoint['best'] {
    return this.#best;
  }

  /** In bits per character; null where nothing is held out. */
  get loss(): number | null {
    return this.#held && this.#best.loss;
  }

  /** Looks since the best state. */
  get fruitlessLooks(): number {
    return this.#fruitless;
  }

  /** The update after which it looked last; 0 before it has. */
  get lastStep(): number {
    return this.#lastStep;
  }

  isDue(step: number): boolean {
    if (this.#options.seconds === null) return step % Math.ceil(this.#updatesPerEpoch / perEpoch) === 0;
    if (this.#lastStep === 0) return step >= first;
    return this.#now() - this.#lastAt > this.#cost / share;
  }

  /** Whether the state after this update has been looked at. */
  has(step: number): boolean {
    return step > 0 && this.#lastStep >= step;
  }

  /** @returns null where nothing is held out */
  look(
    network: TrainableNetwork,
    step: number,
    seconds: number,
  ): { point: ValidationPoint; better: boolean } | null {
    const began = this.#now();
    const loss = this.#lossOf(network);
    const better = loss === null || loss < this.#best.loss;
    if (better) this.#best = { weights: network.weights(), loss: loss ?? Infinity, step };
    this.#fruitless = better ? 0 : this.#fruitless + 1;
    this.#lastAt = this.#now();
    this.#lastStep = step;
    this.#cost = this.#lastAt - began;
    return loss === null ? null : { point: { step, seconds, loss }, better };
  }

  #lossOf(network: TrainableNetwork): number | null {
    if (!this.#held) return null;
    const { x, y, rows } = this.#held;
    return this.#measure.of(network.evaluate(x, y, rows), y).loss;
  }

  /** A better state has not come for so long that none is to be expected. */
  isHopeless(step: number): boolean {
    const { patience, warmup } = this.#options;
    if (patience === null || step < warmups * warmup) return false;
    return this.#fruitless >= patience && step - this.#best.step > fruitlessShare * step;
  }

  /** Patience begins anew. */
  hope(): void {
    this.#fruitless = 0;
  }
}
