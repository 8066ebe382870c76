// Measures the held-out part: decides when a measurement is due, keeps the best state, and stops a run early.
import type { TrainableNetwork } from '../backend/engine.ts';
import type { Batches, Rows } from '../data/dataset.ts';
import { isBetter } from '../protocol/outcome.ts';
import type { Measured, ValidationPoint } from '../protocol/run.ts';
import type { Checkpoint } from './checkpoint.ts';
import { haveExploded } from './divergenceGuard.ts';
import { lossOf } from './measure.ts';
import type { RunSetting } from './runSetting.ts';

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
 * The number of warm-ups that must have passed before a run ends early: the learning rate has then been
 * near its height for four times as long as its rise took. In a short text, measurements follow one another closely, and a
 * network that has only learned the frequencies of characters may make no progress for some fifty updates
 * before it learns what follows what.
 */
const warmups = 5;

/**
 * The number of passes over the training part before a run ends early. What is read for the first or second time is not yet
 * known by heart, so that a stretch without a better state is then due to the learning rate at its height.
 */
const passes = 2;

/** The part of a checkpoint that belongs to the validation. */
export type ValidationCheckpoint = Pick<Checkpoint, 'best' | 'fruitlessLooks' | 'lastLook'>;

/** The measurements of the held-out part in one run. */
export class Validation {
  readonly #setting: Pick<RunSetting, 'dataset' | 'metric' | 'options' | 'now'>;
  readonly #network: TrainableNetwork;
  /** The held-out part; where there is none, the last measured state is the best. */
  readonly #held: readonly Rows[];
  readonly #updatesPerEpoch: number;
  #best: Checkpoint['best'];
  #lastStep: number;
  #lastAt = 0;
  /** The milliseconds that the last measurement took. */
  #cost = 0;
  /** The number of measurements since the best state. */
  #fruitless: number;

  /** @param earlier the checkpoint that the run goes on from; null at the beginning */
  constructor(
    setting: Pick<RunSetting, 'dataset' | 'metric' | 'options' | 'now'>,
    network: TrainableNetwork,
    { batch, perEpoch }: Pick<Batches, 'batch' | 'perEpoch'>,
    earlier: (ValidationCheckpoint & Pick<Checkpoint, 'step'>) | null,
  ) {
    this.#setting = setting;
    this.#network = network;
    this.#held = setting.dataset.heldOut(batch);
    this.#updatesPerEpoch = perEpoch;
    this.#best = earlier?.best ?? { weights: network.weights(), loss: Infinity, step: 0 };
    this.#lastStep = earlier?.lastLook ?? earlier?.step ?? 0;
    this.#fruitless = earlier?.fruitlessLooks ?? 0;
  }

  get best(): Checkpoint['best'] {
    return this.#best;
  }

  /** The validation loss of the best state, in bits per unit; null where nothing is held out. */
  get loss(): number | null {
    return this.#held.length > 0 ? this.#best.loss : null;
  }

  checkpoint(): ValidationCheckpoint {
    return { best: this.#best, fruitlessLooks: this.#fruitless, lastLook: this.#lastStep };
  }

  isDue(step: number): boolean {
    if (this.#setting.options.seconds === null)
      return step % Math.ceil(this.#updatesPerEpoch / perEpoch) === 0;
    if (this.#lastStep === 0) return step >= first;
    return this.#setting.now() - this.#lastAt > this.#cost / share;
  }

  /** Returns whether the state after this update has been measured. */
  has(step: number): boolean {
    return step > 0 && this.#lastStep >= step;
  }

  /**
   * Measures the held-out part and keeps the state if it is better. @returns null where nothing is held out
   */
  look(step: number, seconds: number): { point: ValidationPoint; better: boolean } | null {
    const { now } = this.#setting;
    const began = now();
    const seen = this.#measure();
    const isCandidate = seen === null || isBetter(this.#setting.metric, seen, this.#best);
    const weights = isCandidate ? this.#network.weights() : null;
    const better = weights !== null && !haveExploded(weights);
    if (better) this.#best = { weights, ...(seen ?? { loss: Infinity }), step };
    this.#fruitless = better ? 0 : this.#fruitless + 1;
    this.#lastAt = now();
    this.#lastStep = step;
    this.#cost = this.#lastAt - began;
    return seen && { point: { step, seconds, ...seen }, better };
  }

  #measure(): Pick<ValidationPoint, 'loss' | keyof Measured> | null {
    const { dataset, metric } = this.#setting;
    if (this.#held.length === 0) return null;
    return {
      loss: lossOf(dataset, this.#network, this.#held),
      ...metric?.of(this.#network, this.#held),
    };
  }

  /**
   * Returns whether there has been no better state for so long that none can be expected.
   * @param epoch the number of passes through the training part so far, with its fraction
   */
  isHopeless(step: number, epoch: number): boolean {
    const { patience, warmup } = this.#setting.options;
    if (patience === null || step < warmups * warmup || epoch < passes) return false;
    return this.#fruitless >= patience && step - this.#best.step > fruitlessShare * step;
  }

  /** Starts the patience anew. */
  hope(): void {
    this.#fruitless = 0;
  }
}
