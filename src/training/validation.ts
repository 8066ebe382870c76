// Measures the validation loss: decides when a measurement is due, keeps the best state, and stops a run
// early.
import type { TrainableNetwork } from '../backend/engine.ts';
import type { HeldOutRows } from '../data/text/heldOut.ts';
import type { TrainOptions } from '../language/options.ts';
import type { ValidationPoint } from '../protocol/run.ts';
import type { BitsPerCharacter } from './bitsPerCharacter.ts';
import type { Checkpoint } from './checkpoint.ts';
import { haveExploded } from './divergenceGuard.ts';

/** The number of measurements in an epoch, where a run is bounded by epochs and must not depend on time. */
const perEpoch = 10;

/** The share of the time that measurements may cost. */
const share = 0.08;

/** The number of updates before the first measurement. */
const first = 10;

/**
 * The share of its updates for which a run must also have gone on without a better state before it ends
 * early.
 */
const fruitlessShare = 0.4;

/**
 * The number of warm-ups that must have passed before a run ends early: the learning rate has then been at
 * its height for as long as its rise took. In a short text, measurements follow one another closely, and a
 * network that has only learned the frequencies of characters makes no progress for some fifty updates before
 * it learns what follows what.
 */
const warmups = 2;

export class Validation {
  /** The held-out part; null where there is none, and then the last measured state is the best. */
  readonly #held: HeldOutRows | null;
  readonly #measure: BitsPerCharacter;
  readonly #options: Pick<TrainOptions, 'seconds' | 'patience' | 'warmup'>;
  readonly #updatesPerEpoch: number;
  readonly #now: () => number;
  #best: Checkpoint['best'];
  #lastStep: number;
  #lastAt = 0;
  /** The milliseconds that the last measurement took. */
  #cost = 0;
  /** The number of measurements since the best state. */
  #fruitless = 0;

  /** @param earlier the checkpoint that the run goes on from, or its initial state */
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

  /** The best validation loss in bits per character; null where nothing is held out. */
  get loss(): number | null {
    return this.#held && this.#best.loss;
  }

  /** The number of measurements since the best state. */
  get fruitlessLooks(): number {
    return this.#fruitless;
  }

  /** The update after which the last measurement was made; 0 before the first. */
  get lastStep(): number {
    return this.#lastStep;
  }

  isDue(step: number): boolean {
    if (this.#options.seconds === null) return step % Math.ceil(this.#updatesPerEpoch / perEpoch) === 0;
    if (this.#lastStep === 0) return step >= first;
    return this.#now() - this.#lastAt > this.#cost / share;
  }

  /** Returns whether the state after this update has been measured. */
  has(step: number): boolean {
    return step > 0 && this.#lastStep >= step;
  }

  /**
   * Measures the validation loss and keeps the state if it is better. @returns null where nothing is held out
   */
  look(
    network: TrainableNetwork,
    step: number,
    seconds: number,
  ): { point: ValidationPoint; better: boolean } | null {
    const began = this.#now();
    const loss = this.#lossOf(network);
    const weights = loss === null || loss < this.#best.loss ? network.weights() : null;
    const better = weights !== null && !haveExploded(weights);
    if (better) this.#best = { weights, loss: loss ?? Infinity, step };
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

  /** Returns whether there has been no better state for so long that none is to be expected. */
  isHopeless(step: number): boolean {
    const { patience, warmup } = this.#options;
    if (patience === null || step < warmups * warmup) return false;
    return this.#fruitless >= patience && step - this.#best.step > fruitlessShare * step;
  }

  /** Starts the patience anew. */
  hope(): void {
    this.#fruitless = 0;
  }
}
