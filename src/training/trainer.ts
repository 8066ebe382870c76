// One training run: windows of text through a network until the budget is spent, with an eye on the tail.
import type { Architecture, Engine, TrainableNetwork, Weights } from '../backend/engine.ts';
import type { Clipping, ModelOptions, TrainOptions } from '../language/options.ts';
import { Problem } from '../protocol/problem.ts';
import {
  emptyPoints,
  type RunCommand,
  type RunEnd,
  type RunPoints,
  type RunProgress,
  type RunResult,
  type ValidationPoint,
} from '../protocol/run.ts';
import type { Probe } from '../tape/probe.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Controls } from './controls.ts';
import type { Corpus } from './corpus.ts';
import { type Held, layOut } from './held.ts';
import { Measure } from './measure.ts';
import { ClipThreshold, learningRate } from './schedule.ts';
import { Windows } from './windows.ts';

export interface RunObserver {
  /** With the number of numbers that are trained. Once more when the run begins again. */
  started(parameters: number): void;
  paused(): void;
  /** After a pause, or after an end that was not the last. */
  resumed(): void;
  /**
   * After every update. What came of it is in `points`, which are handed over once; `checkpoint` copies all that the
   * run would go on from, whenever it is called.
   */
  progress(progress: RunProgress, points: RunPoints, checkpoint: () => Checkpoint): void;
  /** The validation loss has improved. */
  improved(weights: Weights, validation: ValidationPoint): void;
  /** Until a command lets it go on; none is obeyed before the promise has settled. */
  ended(trained: Trained, network: TrainableNetwork): Promise<void>;
}

export interface RunSetting {
  readonly corpus: Corpus;
  readonly architecture: Architecture;
  readonly model: Pick<ModelOptions, 'dropout'>;
  readonly options: TrainOptions;
  readonly engine: Engine;
  readonly weights: Weights;
  /** Where an earlier run on the same text ended or was cut short; null begins at the beginning. */
  readonly checkpoint: Checkpoint | null;
  /** null where nothing is looked into. */
  readonly probe: Pick<Probe, 'length' | 'look'> | null;
  readonly observer: RunObserver;
  readonly controls: Controls;
  /** Lets messages in between two updates. */
  readonly breathe: () => Promise<void>;
  /** Milliseconds; the clock of the budget. */
  readonly now: () => number;
  /** Milliseconds of the budget that are gone before the first update. */
  readonly spent?: number;
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

/** A look into the network comes at most this often, in milliseconds, and may cost this share of the time. */
const probeInterval = 1000;
const probeShare = 0.015;

/** Before a run ends early, it has also gone on for this share of its updates without a better state. */
const fruitless = 0.4;

/** A loss so far above blind guessing, or no number at all, means that the run has diverged. */
const divergedAbove = 2;

/** Streams get at least this many windows each, or there would be no state to carry. */
const windowsPerStream = 4;

/** Steps that are read before a run goes on from a checkpoint, so that its streams do not start cold. */
const readAgain = 256;

/** What a run begins with, and may be changed while it lasts. */
interface Beginning {
  readonly learningRate: number;
  readonly clipping: Clipping;
  readonly paused: boolean;
  readonly checkpoint: Checkpoint | null;
}

/**
 * Settles when the run has ended and its controls are closed.
 * @throws Problem when the run cannot be saved from diverging
 */
export async function train(setting: RunSetting): Promise<Trained> {
  const { corpus, options, engine, architecture } = setting;
  const span = Math.max(options.k1, options.k2);
  if (corpus.train.length <= span)
    throw new Problem(
      `The text has ${corpus.train.length} tokens to train on, too few for ${span} steps: make \`train.k1\` and \`train.k2\` smaller.`,
    );
  const batch = Math.max(
    1,
    Math.min(options.batch, Math.floor(corpus.train.length / (windowsPerStream * span + 1))),
  );
  const shape = {
    batch,
    steps: options.k2,
    optimizer: options.optimizer,
    dropout: setting.model.dropout,
    seed: options.seed,
  };
  const { checkpoint } = setting;
  let beginning: Beginning = { ...options, ...checkpoint, paused: false, checkpoint };
  for (;;) {
    // A new network, so that moments and masks begin anew too.
    const network = engine.train(architecture, shape, setting.weights);
    try {
      setting.observer.started(network.parameterCount);
      const windows = new Windows(corpus.train, batch, options.k1, options.k2);
      const outcome = await new Run(setting, network, windows, beginning).train();
      if ('result' in outcome) return outcome;
      beginning = outcome;
    } finally {
      network.dispose();
    }
  }
}

class Run {
  readonly #setting: RunSetting;
  readonly #network: TrainableNetwork;
  readonly #windows: Windows;
  readonly #held: Held | null;
  readonly #measure: Measure;
  readonly #started: number;
  #state: 'running' | 'paused' | Trained = 'running';
  /** Milliseconds in which it did not run. */
  #idle = 0;
  #budget: { seconds: number; epochs: number };
  #learningRate: number;
  #clipping: Clipping;
  #clip: ClipThreshold;
  #rateFactor = 1;
  #step = 0;
  #tokens = 0;
  #trainingTime = 0;
  #smoothed = Number.NaN;
  #best: { weights: Weights; loss: number; step: number };
  #validations = { sinceBest: 0, lastAt: 0, lastStep: 0, cost: 0 };
  #nextProbeAt = Number.NEGATIVE_INFINITY;
  #points = emptyPoints();

  constructor(setting: RunSetting, network: TrainableNetwork, windows: Windows, beginning: Beginning) {
    const { corpus, options, now } = setting;
    this.#setting = setting;
    this.#network = network;
    this.#windows = windows;
    this.#measure = new Measure(corpus.tokenizer);
    this.#held = layOut(corpus.train, corpus.tail, windows.batch);
    this.#learningRate = beginning.learningRate;
    this.#clipping = beginning.clipping;
    this.#clip = new ClipThreshold(beginning.clipping);
    this.#budget = { seconds: options.seconds ?? Infinity, epochs: options.epochs ?? Infinity };
    this.#best = { weights: network.weights(), loss: Infinity, step: 0 };
    this.#started = now();
    if (beginning.checkpoint) this.#continue(beginning.checkpoint);
    if (!beginning.paused) return;
    this.#report();
    this.#pause();
  }

  #continue(checkpoint: Checkpoint): void {
    const { weights, optimizer, best, place, step, tokens, seconds, trainingSeconds } = checkpoint;
    this.#network.load(weights, optimizer);
    this.#windows.place = place;
    const before = this.#windows.before(readAgain);
    if (before.length > 0) this.#network.advance(before);
    this.#step = step;
    this.#tokens = tokens;
    this.#idle = -1000 * seconds;
    this.#trainingTime = 1000 * trainingSeconds;
    this.#budget = { ...checkpoint.budget };
    this.#rateFactor = checkpoint.rateFactor;
    this.#smoothed = checkpoint.smoothedLoss;
    this.#best = best;
    this.#clip = new ClipThreshold(checkpoint.clipping, checkpoint.norms);
    this.#validations.lastStep = step;
    // What it had spent, it gets once more.
    if (this.#fraction >= 1) this.#lengthen();
    this.#change('Continued');
  }

  #checkpoint(): Checkpoint {
    return {
      weights: this.#network.weights(),
      optimizer: this.#network.optimizer(),
      best: this.#best,
      place: this.#windows.place,
      step: this.#step,
      tokens: this.#tokens,
      seconds: this.#seconds,
      trainingSeconds: this.#trainingTime / 1000,
      budget: this.#budget,
      learningRate: this.#learningRate,
      rateFactor: this.#rateFactor,
      clipping: this.#clipping,
      norms: this.#clip.norms,
      smoothedLoss: this.#smoothed,
    };
  }

  /** @returns what came of it, or what to begin again with */
  async train(): Promise<Trained | Beginning> {
    const { controls, breathe, now } = this.#setting;
    for (;;) {
      const commands = controls.take();
      for (const command of commands) {
        if (command.type === 'rewind')
          return {
            learningRate: this.#learningRate,
            clipping: this.#clipping,
            paused: this.#state !== 'running',
            checkpoint: null,
          };
        await this.#obey(command);
      }
      if (commands.length > 0) this.#report();
      if (this.#state === 'running') {
        if (this.#fraction >= 1) await this.#end('budget');
        else if (this.#exhausted) await this.#end('early stop');
        else {
          this.#update();
          if (this.#validationDue) this.#validate();
          if (this.#setting.now() >= this.#nextProbeAt) this.#look();
          this.#report();
          await breathe();
        }
        continue;
      }
      if (controls.closed) {
        if (this.#state !== 'paused') return this.#state;
        await this.#end('stopped');
        continue;
      }
      const since = now();
      await controls.wait();
      this.#idle += now() - since;
    }
  }

  async #obey(command: Exclude<RunCommand, { type: 'rewind' }>): Promise<void> {
    switch (command.type) {
      case 'pause':
        if (this.#state === 'running') this.#pause();
        return;
      case 'resume':
        if (this.#state === 'paused') this.#resume();
        return;
      case 'stop':
        if (this.#state === 'running' || this.#state === 'paused') await this.#end('stopped');
        return;
      case 'extend':
        this.#extend();
        return;
      case 'learningRate':
        this.#change(`Learning rate ${this.#learningRate} → ${command.value}`);
        this.#learningRate = command.value;
        this.#rateFactor = 1;
        return;
      case 'threshold':
        this.#change(`Clipping threshold ${this.#threshold ?? this.#clipping.kind} → ${command.value}`);
        this.#clipping = { kind: 'norm', threshold: command.value };
        this.#clip = new ClipThreshold(this.#clipping);
        return;
    }
  }

  #pause(): void {
    this.#state = 'paused';
    this.#setting.observer.paused();
  }

  #resume(): void {
    this.#state = 'running';
    this.#setting.observer.resumed();
  }

  #extend(): void {
    const before = typeof this.#state === 'object' && this.#state.result.end !== 'budget';
    if (!before) this.#lengthen();
    this.#validations.sinceBest = 0;
    if (typeof this.#state === 'object') this.#resume();
  }

  /** By its budget once more. */
  #lengthen(): void {
    const { seconds, epochs } = this.#setting.options;
    this.#budget.seconds += seconds ?? 0;
    this.#budget.epochs += epochs ?? 0;
  }

  async #end(end: RunEnd): Promise<void> {
    if (this.#validations.lastStep < this.#step || this.#step === 0) this.#validate();
    this.#report();
    this.#state = {
      result: {
        end,
        steps: this.#step,
        tokens: this.#tokens,
        characters: Math.round(this.#tokens * this.#setting.corpus.charactersPerToken),
        seconds: this.#seconds,
        tokensPerSecond: this.#tokensPerSecond,
        trainLoss: Number.isNaN(this.#smoothed) ? this.#setting.corpus.uniform : this.#smoothed,
        validationLoss: this.#held ? this.#best.loss : null,
        bestStep: this.#best.step,
      },
      weights: this.#best.weights,
    };
    await this.#setting.observer.ended(this.#state, this.#network);
  }

  #change(text: string): void {
    this.#points.notes.push({ step: this.#step, text: `${text}.` });
  }

  #update(): void {
    const { options, corpus, now } = this.#setting;
    const began = now();
    const window = this.#windows.next();
    if (window.restart) this.#network.reset();
    if (window.lead.length > 0) this.#network.advance(window.lead);
    const clip = this.#clip.value;
    const { loss: nats, gradientNorm } = this.#network.step(window.x, window.y, {
      learningRate:
        this.#rateFactor *
        learningRate({ ...options, learningRate: this.#learningRate }, this.#step, this.#fraction),
      clip,
      l1: options.l1,
      l2: options.l2,
      carry: window.carry,
    });
    this.#clip.observe(gradientNorm);
    const { counted, loss } = this.#measure.of(nats, window.y);
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
    const { loss } = this.#measure.of(nats, this.#held.y);
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

  /** Always into the same stretch of text, so that what changes is the network. */
  #look(): void {
    const { probe, corpus, now } = this.#setting;
    if (!probe || corpus.train.length < probe.length) {
      this.#nextProbeAt = Number.POSITIVE_INFINITY;
      return;
    }
    const began = now();
    const tokens = corpus.train.subarray(corpus.train.length - probe.length);
    const seen = probe.look(this.#network.weights(), tokens);
    this.#points.probes.push({ step: this.#step, seconds: this.#seconds, ...seen });
    const cost = now() - began;
    this.#nextProbeAt = now() + Math.max(probeInterval, cost / probeShare);
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
        learningRate: this.#learningRate,
        threshold: this.#threshold,
      },
      points,
      () => this.#checkpoint(),
    );
  }

  get #seconds(): number {
    return (this.#setting.now() - this.#started - this.#idle) / 1000;
  }

  get #threshold(): number | null {
    return this.#clipping.kind === 'norm' ? this.#clipping.threshold : null;
  }

  /** Of training alone: looks at the tail do not count. */
  get #tokensPerSecond(): number {
    return this.#trainingTime > 0 ? (1000 * this.#tokens) / this.#trainingTime : 0;
  }

  /** Of the budget that is spent. Without a limit a run goes on until it stops getting better. */
  get #fraction(): number {
    const { spent = 0 } = this.#setting;
    return Math.min(
      1,
      Math.max(
        (this.#seconds + spent / 1000) / this.#budget.seconds,
        this.#windows.epoch / this.#budget.epochs,
      ),
    );
  }
}
