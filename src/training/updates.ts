// Updates a network, batch after batch, and goes back to its best state when it diverges.
import type { TrainableNetwork, Weights } from '../backend/engine.ts';
import type { Batch, Batches } from '../data/dataset.ts';
import type { Clipping } from '../language/options/options.ts';
import type { StepPoint } from '../protocol/run.ts';
import type { Budget } from './budget.ts';
import type { Checkpoint } from './checkpoint.ts';
import { DivergenceGuard } from './divergenceGuard.ts';
import { dropoutShare } from './dropoutSchedule.ts';
import { ClipThreshold } from './gradientClipping.ts';
import { HessianFreeUpdates } from './hessianFreeUpdates.ts';
import { learningRate } from './learningRate.ts';
import { lossOf } from './measure.ts';
import { resetStreams } from './resetStreams.ts';
import { scaleReadout, solveReadout, uninterrupted } from './ridge.ts';
import type { RunSetting } from './runSetting.ts';
import { scheduledInputs } from './scheduledSampling.ts';

/**
 * The number of steps that are read again before a run goes on from a checkpoint without usable states: one
 * of an older version, or of another engine or batch size.
 */
const readAgain = 256;

/** The part of a checkpoint that belongs to the updates. */
export type UpdatesCheckpoint = Pick<
  Checkpoint,
  | 'weights'
  | 'optimizer'
  | 'states'
  | 'cursor'
  | 'step'
  | 'tokens'
  | 'trainingSeconds'
  | 'learningRate'
  | 'rateFactor'
  | 'clipping'
  | 'damping'
  | 'norms'
  | 'smoothedLoss'
>;

/** The options that a run begins with; commands may change them while it lasts. */
export type UpdateOptions = Pick<Checkpoint, 'learningRate' | 'clipping'>;

/** The updates of one run, with the state that they have reached. */
export class Updates {
  readonly #setting: RunSetting;
  readonly #network: TrainableNetwork;
  readonly #batches: Batches;
  readonly #budget: Budget;
  readonly #hessianFree: HessianFreeUpdates | null;
  #guard = new DivergenceGuard(1);
  #learningRate: number;
  #clipping: Clipping;
  #clip: ClipThreshold;
  #step = 0;
  #tokens = 0;
  /** The milliseconds that were spent on updates alone. */
  #time = 0;
  #smoothedLoss = Number.NaN;

  constructor(
    setting: RunSetting,
    network: TrainableNetwork,
    batches: Batches,
    budget: Budget,
    { learningRate, clipping }: UpdateOptions,
  ) {
    this.#setting = setting;
    this.#network = network;
    this.#batches = batches;
    this.#budget = budget;
    this.#learningRate = learningRate;
    this.#clipping = clipping;
    this.#clip = new ClipThreshold(clipping);
    const { optimizer } = setting.options;
    this.#hessianFree =
      optimizer.kind === 'hessian-free' ? new HessianFreeUpdates(setting, network, optimizer) : null;
  }

  /** The number of updates. */
  get step(): number {
    return this.#step;
  }

  /** The number of tokens that were learned from. */
  get tokens(): number {
    return this.#tokens;
  }

  /** The number of passes through the training part, with its fraction. */
  get epoch(): number {
    return this.#batches.epoch;
  }

  /** The used share of the budget, in [0, 1]. */
  get fraction(): number {
    return this.#budget.fraction(this.epoch);
  }

  /** The speed of the updates alone: the time of validation does not count. */
  get tokensPerSecond(): number {
    return this.#time > 0 ? (1000 * this.#tokens) / this.#time : 0;
  }

  /** The mean loss of the last updates, exponentially weighted; NaN before the first. */
  get smoothedLoss(): number {
    return this.#smoothedLoss;
  }

  get learningRate(): number {
    return this.#learningRate;
  }

  /** Sets the learning rate, to which no earlier divergence applies any more. */
  set learningRate(value: number) {
    this.#learningRate = value;
    this.#guard.forgive();
  }

  get clipping(): Clipping {
    return this.#clipping;
  }

  set clipping(clipping: Clipping) {
    this.#clipping = clipping;
    this.#clip = new ClipThreshold(clipping);
  }

  /** Whether the weights have been solved for, so that nothing is left to be done. */
  get isSolved(): boolean {
    return this.isToSolve && this.#step > 0;
  }

  /** Whether the output layer is solved, which is all of the training. */
  get isToSolve(): boolean {
    return this.#setting.options.optimizer.kind === 'ridge';
  }

  /**
   * Solves the output layer.
   * @returns the measurements, null where the loss is no number; and a remark where it has been stopped
   */
  async solve(): Promise<{ readonly point: StepPoint | null; readonly remark: string | null }> {
    const { engine, architecture, dataset, options, controls, breathe, now } = this.#setting;
    const { optimizer } = options;
    if (optimizer.kind !== 'ridge') throw new Error('This optimiser solves nothing.');
    const began = now();
    const network = this.#network;
    const interruption = { breathe, isToStop: () => controls.isToStop };
    const initial = network.weights();
    const solved = await solveReadout(
      engine,
      architecture,
      initial,
      dataset,
      optimizer.penalty,
      interruption,
    );
    const measured = solved.read ? [solved.read] : dataset.training(network.shape.batch);
    const measure = (weights: Weights) => {
      network.load(weights);
      return lossOf(dataset, network, measured);
    };
    // A run that was stopped is measured on few rows, so that its scale is found at once.
    const { weights, loss } =
      architecture.likelihood === 'gaussian'
        ? { weights: solved.weights, loss: measure(solved.weights) }
        : await scaleReadout(solved.weights, measure, solved.read ? uninterrupted : interruption);
    network.load(weights);
    this.#step = 1;
    this.#tokens = solved.targets;
    this.#time = now() - began;
    const remark = solved.read
      ? `The readout was solved from the ${solved.targets.toLocaleString('en')} targets that had been read when the run was stopped.`
      : null;
    if (!Number.isFinite(loss)) return { point: null, remark };
    this.#smoothedLoss = loss;
    return {
      point: { step: 1, seconds: this.#budget.seconds, loss, gradientNorm: 0, clip: null },
      remark,
    };
  }

  /**
   * Makes one update.
   * @returns its measurements; null where it has diverged, after which the run goes back or ends. A run that does not
   * recover has diverged only when its loss is no number.
   */
  next(): StepPoint | null {
    const { options, now } = this.#setting;
    const began = now();
    const batch = this.#batches.next();
    if (this.#hessianFree) {
      const { loss, gradientNorm } = this.#hessianFree.next(batch, {
        step: this.#step,
        dropoutShare: dropoutShare(options, this.epoch),
      });
      return this.#measured(batch, loss, gradientNorm, Number.POSITIVE_INFINITY, began);
    }
    const { lead, y, source, restart, carry } = batch;
    if (restart) this.#network.reset();
    else this.#network.reset(resetStreams(options.reset, this.#batches.batch, options.seed, this.#step));
    if (lead.length > 0) this.#network.advance(lead);
    const clip = this.#clip.value;
    const { loss: nats, gradientNorm } = this.#network.step(
      this.#inputs(batch),
      y,
      {
        learningRate:
          this.#guard.rateFactor *
          learningRate({ ...options, learningRate: this.#learningRate }, this.#step, this.fraction),
        clip,
        l1: options.l1,
        l2: options.l2,
        carry,
        dropoutShare: dropoutShare(options, this.epoch),
      },
      source,
    );
    this.#clip.observe(gradientNorm);
    return this.#measured(batch, nats, gradientNorm, clip, began);
  }

  /** Returns what the network reads: with scheduled sampling, a decoder reads some of what it has written itself. */
  #inputs(batch: Batch): Int32Array {
    const { scheduledSampling, seed } = this.#setting.options;
    const share = batch.source ? scheduledSampling * this.fraction : 0;
    if (share === 0) return batch.x;
    return scheduledInputs(this.#network, batch, this.#batches.batch, share, seed + this.#step);
  }

  /**
   * Enters an update.
   * @param nats the mean loss of the batch
   * @param began the time at which the update began
   * @returns the same as `next`
   */
  #measured(
    { y, tokens }: Batch,
    nats: number,
    gradientNorm: number,
    clip: number,
    began: number,
  ): StepPoint | null {
    const { options, architecture, dataset, now } = this.#setting;
    const { bits, units } = dataset.cost(nats, y);
    const loss = bits / units;
    this.#step++;
    this.#tokens += tokens;
    this.#time += now() - began;
    const isNumber = Number.isFinite(loss) && Number.isFinite(gradientNorm);
    const isDensity = architecture.likelihood === 'gaussian';
    const hasDiverged = options.recover
      ? this.#guard.hasDiverged(loss, gradientNorm, dataset.uniform, isDensity)
      : !isNumber;
    if (hasDiverged) return null;
    this.#smoothedLoss = Number.isNaN(this.#smoothedLoss) ? loss : 0.95 * this.#smoothedLoss + 0.05 * loss;
    return {
      step: this.#step,
      seconds: this.#budget.seconds,
      loss,
      gradientNorm,
      clip: Number.isFinite(clip) ? clip : null,
    };
  }

  /** The learning rate that setbacks have left, before warm-up and decay. */
  get learningRateLeft(): number {
    return this.#guard.rateFactor * this.#learningRate;
  }

  /** The clipping threshold of the next update; Infinity does not clip. */
  get clip(): number {
    return this.#clip.value;
  }

  /**
   * Goes back to the best state and halves the learning rate.
   * @returns a sentence for the user; null where one has been said for the same best state
   * @throws Problem when this has been done many times without success
   */
  goBack({ weights, step }: Checkpoint['best']): string | null {
    const remark = this.#guard.setBack(!Number.isNaN(this.#smoothedLoss), step);
    this.returnTo({ weights });
    return remark;
  }

  /** Goes back to the best state, whose optimiser begins anew. */
  returnTo({ weights }: Pick<Checkpoint['best'], 'weights'>): void {
    this.#network.load(weights);
    this.#network.reset();
  }

  /** Is called when there is a better state, and when the run ends. @returns a sentence on setbacks, or null */
  settle(): string | null {
    return this.#guard.settle();
  }

  /** Returns a copy of the current state. */
  checkpoint(): UpdatesCheckpoint {
    const { moments, ...more } = this.#hessianFree?.checkpoint ?? {};
    const optimizer = this.#network.optimizer();
    return {
      ...more,
      weights: this.#network.weights(),
      optimizer: moments ? { ...optimizer, moments } : optimizer,
      states: this.#network.states(),
      cursor: this.#batches.cursor,
      step: this.#step,
      tokens: this.#tokens,
      trainingSeconds: this.#time / 1000,
      learningRate: this.#learningRate,
      rateFactor: this.#guard.rateFactor,
      clipping: this.#clipping,
      norms: this.#clip.norms,
      smoothedLoss: this.#smoothedLoss,
    };
  }

  /** Goes on from a checkpoint. @throws Problem when it does not fit the data */
  load(checkpoint: UpdatesCheckpoint): void {
    const { weights, optimizer, states } = checkpoint;
    this.#network.load(weights, optimizer);
    this.#hessianFree?.load(checkpoint);
    this.#batches.cursor = checkpoint.cursor;
    if (states === undefined || !this.#network.loadStates(states)) {
      const before = this.#batches.before(readAgain);
      if (before.length > 0) this.#network.advance(before);
    }
    this.#step = checkpoint.step;
    this.#tokens = checkpoint.tokens;
    this.#time = 1000 * checkpoint.trainingSeconds;
    this.#smoothedLoss = checkpoint.smoothedLoss;
    this.#guard = new DivergenceGuard(checkpoint.rateFactor);
    this.#learningRate = checkpoint.learningRate;
    this.#clipping = checkpoint.clipping;
    this.#clip = new ClipThreshold(checkpoint.clipping, checkpoint.norms);
  }
}
