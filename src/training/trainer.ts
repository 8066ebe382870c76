// One training run: windows of text through a network until the budget is spent, with an eye on the tail.
import type { Architecture, Engine, TrainableNetwork, Weights } from '../backend/engine.ts';
import type { ModelOptions, TrainOptions } from '../language/options.ts';
import { Problem } from '../protocol/problem.ts';
import {
  emptyPoints,
  type RunEnd,
  type RunPoints,
  type RunProgress,
  type RunResult,
  type ValidationPoint,
} from '../protocol/run.ts';
import type { Corpus } from './corpus.ts';
import { type Held, layOut } from './held.ts';
import { ClipThreshold, learningRate } from './schedule.ts';
import { rare } from './vocabulary.ts';
import { Windows } from './windows.ts';

export interface RunObserver {
  /** With the number of numbers that are trained. */
  started(parameters: number): void;
  /** After every update. What came of it is in `points`, which are handed over once. */
  progress(progress: RunProgress, points: RunPoints): void;
  /** The validation loss has improved. */
  improved(weights: Weights, validation: ValidationPoint): void;
}

export interface RunSetting {
  readonly corpus: Corpus;
  readonly architecture: Architecture;
  readonly model: ModelOptions;
  readonly options: TrainOptions;
  readonly engine: Engine;
  readonly weights: Weights;
  readonly observer: RunObserver;
  readonly signal: AbortSignal;
  /** Lets messages in between two updates. */
  readonly breathe: () => Promise<void>;
  /** Milliseconds; the clock of the budget. */
  readonly now: () => number;
}

export interface Trained {
  readonly result: RunResult;
  /** The best state. */
  readonly weights: Weights;
}

/** The tail is looked at this often in an epoch, where a run is bounded by epochs and must not depend on time. */
const validationsPerEpoch = 10;

/** A look at the tail may cost this share of the time. */
const validationShare = 0.08;

/** Before a run ends early, it has also gone on for this share of its updates without a better state. */
const fruitless = 0.4;

/** A loss so far above blind guessing, or no number at all, means that the run has diverged. */
const divergedAbove = 2;

/** Streams get at least this many windows each, or there would be no state to carry. */
const windowsPerStream = 4;

/** @throws Problem when the run cannot be saved from diverging. */
export async function train(setting: RunSetting): Promise<Trained> {
  const { corpus, options, engine, architecture } = setting;
  const span = Math.max(options.k1, options.k2);
  const batch = Math.max(
    1,
    Math.min(options.batch, Math.floor(corpus.train.length / (windowsPerStream * span + 1))),
  );
  const network = engine.train(
    architecture,
    {
      batch,
      steps: options.k2,
      optimizer: options.optimizer,
      dropout: setting.model.dropout,
      seed: options.seed,
    },
    setting.weights,
  );
  try {
    setting.observer.started(network.parameterCount);
    return await new Run(setting, network, new Windows(corpus.train, batch, options.k1, options.k2)).train();
  } finally {
    network.dispose();
  }
}

class Run {
  readonly #setting: RunSetting;
  readonly #network: TrainableNetwork;
  readonly #windows: Windows;
  readonly #held: Held | null;
  readonly #clip: ClipThreshold;
  readonly #started: number;
  #rateFactor = 1;
  #step = 0;
  #tokens = 0;
  #trainingTime = 0;
  #smoothed = Number.NaN;
  #best: { weights: Weights; loss: number; step: number };
  #validations = { sinceBest: 0, lastAt: 0, lastStep: 0, cost: 0 };
  #points = emptyPoints();

  constructor(setting: RunSetting, network: TrainableNetwork, windows: Windows) {
    this.#setting = setting;
    this.#network = network;
    this.#windows = windows;
    this.#held = layOut(setting.corpus.train, setting.corpus.tail, windows.batch);
    this.#clip = new ClipThreshold(setting.options.clipping);
    this.#best = { weights: network.weights(), loss: Infinity, step: 0 };
    this.#started = setting.now();
  }

  async train(): Promise<Trained> {
    const { signal, breathe } = this.#setting;
    let end: RunEnd = 'budget';
    while (this.#fraction < 1) {
      if (signal.aborted) {
        end = 'stopped';
        break;
      }
      this.#update();
      if (this.#validationDue) this.#validate();
      this.#report();
      if (this.#exhausted) {
        end = 'early stop';
        break;
      }
      await breathe();
    }
    if (this.#validations.lastStep < this.#step) this.#validate();
    this.#report();
    return {
      result: {
        end,
        steps: this.#step,
        tokens: this.#tokens,
        seconds: this.#seconds,
        tokensPerSecond: this.#tokensPerSecond,
        trainLoss: this.#smoothed,
        validationLoss: this.#held ? this.#best.loss : null,
        bestStep: this.#best.step,
      },
      weights: this.#best.weights,
    };
  }

  #update(): void {
    const { options, corpus, now } = this.#setting;
    const began = now();
    const window = this.#windows.next();
    if (window.restart) this.#network.reset();
    if (window.lead.length > 0) this.#network.advance(window.lead);
    const clip = this.#clip.value;
    const { loss: nats, gradientNorm } = this.#network.step(window.x, window.y, {
      learningRate: this.#rateFactor * learningRate(options, this.#step, this.#fraction),
      clip,
      l1: options.l1,
      l2: options.l2,
      carry: window.carry,
    });
    this.#clip.observe(gradientNorm);
    let counted = 0;
    let rareTargets = 0;
    for (const token of window.y) {
      if (token >= 0) counted++;
      if (token === rare) rareTargets++;
    }
    const loss = this.#bits(nats, rareTargets / counted);
    this.#step++;
    this.#tokens += counted;
    this.#trainingTime += now() - began;
    if (!(loss <= divergedAbove * Math.max(1, corpus.uniform)) || !Number.isFinite(gradientNorm)) {
      this.#recover();
      return;
    }
    this.#smoothed = Number.isNaN(this.#smoothed) ? loss : 0.95 * this.#smoothed + 0.05 * loss;
    this.#points.steps.push({
      step: this.#step,
      seconds: this.#seconds,
      loss,
      gradientNorm,
      clip: Number.isFinite(clip) ? clip : null,
    });
  }

  #validate(): void {
    if (!this.#held) {
      this.#best = { weights: this.#network.weights(), loss: Infinity, step: this.#step };
      return;
    }
    const { now, observer } = this.#setting;
    const began = now();
    const nats = this.#network.evaluate(this.#held.x, this.#held.y, this.#held.rows);
    const loss = this.#bits(nats, this.#held.rare / this.#held.counted);
    const point = { step: this.#step, seconds: this.#seconds, loss };
    if (Number.isFinite(loss)) this.#points.validations.push(point);
    const better = loss < this.#best.loss;
    if (better) {
      this.#best = { weights: this.#network.weights(), loss, step: this.#step };
      observer.improved(this.#best.weights, point);
    }
    this.#validations = {
      sinceBest: better ? 0 : this.#validations.sinceBest + 1,
      lastAt: now(),
      lastStep: this.#step,
      cost: now() - began,
    };
  }

  get #validationDue(): boolean {
    if (this.#setting.options.seconds === null)
      return this.#step % Math.ceil(this.#windows.windowsPerEpoch / validationsPerEpoch) === 0;
    if (this.#validations.lastStep === 0) return this.#step >= 10;
    return this.#setting.now() - this.#validations.lastAt > this.#validations.cost / validationShare;
  }

  get #exhausted(): boolean {
    const { patience } = this.#setting.options;
    return (
      patience !== null &&
      this.#validations.sinceBest >= patience &&
      this.#step - this.#best.step > fruitless * this.#step
    );
  }

  /** Back to the best state at half the learning rate. */
  #recover(): void {
    this.#rateFactor /= 2;
    if (this.#rateFactor < 1e-4)
      throw new Problem(
        'The training keeps diverging, even at a small learning rate. Try a smaller `train.learningRate` or clipping.',
      );
    this.#network.load(this.#best.weights);
    this.#network.reset();
    this.#points.notes.push({
      step: this.#step,
      text: `The loss exploded: back to the best state (step ${this.#best.step.toLocaleString('en')}), at ${(100 * this.#rateFactor).toPrecision(3)} % of the learning rate.`,
    });
  }

  #report(): void {
    const points = this.#points;
    this.#points = emptyPoints();
    const fraction = this.#fraction;
    this.#setting.observer.progress(
      {
        step: this.#step,
        seconds: this.#seconds,
        tokensPerSecond: this.#tokensPerSecond,
        epoch: this.#windows.epoch,
        fraction,
        secondsLeft: fraction > 0 ? (this.#seconds / fraction) * (1 - fraction) : null,
      },
      points,
    );
  }

  get #seconds(): number {
    return (this.#setting.now() - this.#started) / 1000;
  }

  /** Of training alone: looks at the tail do not count. */
  get #tokensPerSecond(): number {
    return this.#trainingTime > 0 ? (1000 * this.#tokens) / this.#trainingTime : 0;
  }

  /** Of the budget that is spent. Without a limit a run goes on until it stops getting better. */
  get #fraction(): number {
    const { seconds, epochs } = this.#setting.options;
    return Math.min(
      1,
      Math.max(
        seconds === null ? 0 : this.#seconds / seconds,
        epochs === null ? 0 : this.#windows.epoch / epochs,
      ),
    );
  }

  /** `rare` stands for several characters, so its bits are those of the token and of the choice among them. */
  #bits(nats: number, rareShare: number): number {
    return nats / Math.LN2 + rareShare * Math.log2(this.#setting.corpus.vocabulary.rareKinds);
  }
}
