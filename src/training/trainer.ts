// One training run: windows of text go through a network until the budget is spent, while the validation loss
// is measured.
import type { TrainableNetwork } from '../backend/engine.ts';
import { heldOutRows } from '../data/text/heldOut.ts';
import { Windows } from '../data/text/truncatedBpttWindows.ts';
import type { Clipping } from '../language/options.ts';
import { Problem } from '../protocol/problem.ts';
import { emptyPoints, type RunCommand, type RunEnd } from '../protocol/run.ts';
import { BitsPerCharacter } from './bitsPerCharacter.ts';
import { Budget } from './budget.ts';
import type { Checkpoint } from './checkpoint.ts';
import { DivergenceGuard } from './divergenceGuard.ts';
import { ClipThreshold } from './gradientClipping.ts';
import { learningRate } from './learningRate.ts';
import { ProbeSchedule } from './probeSchedule.ts';
import { resetStreams } from './resetStreams.ts';
import type { RunSetting, Trained } from './runSetting.ts';
import { streamCount } from './streamCount.ts';
import { Validation } from './validation.ts';

/**
 * The number of steps that are read again before a run goes on from a checkpoint without usable states: one
 * of an older version, or of another engine or batch size.
 */
const readAgain = 256;

/** The state in which a run begins. The first two may be changed while it lasts. */
interface Beginning {
  readonly learningRate: number;
  readonly clipping: Clipping;
  readonly paused: boolean;
  readonly checkpoint: Checkpoint | null;
}

/**
 * Trains a network. The promise settles when the run has ended and its controls are closed.
 * @throws Problem when the run cannot be saved from diverging, or has found no state with a loss that is a
 * number
 */
export async function train(setting: RunSetting): Promise<Trained> {
  const { corpus, options, engine, architecture } = setting;
  const span = Math.max(options.k1, options.k2);
  if (corpus.train.length <= span)
    throw new Problem(
      `The text has ${corpus.train.length} tokens to train on, too few for ${span} steps: make \`train.k1\` and \`train.k2\` smaller.`,
    );
  const batch = streamCount(corpus.train.length, options);
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
    // A new network makes moments and dropout masks begin anew too.
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
  readonly #measure: BitsPerCharacter;
  readonly #validation: Validation;
  readonly #budget: Budget;
  #state: 'running' | 'paused' | Trained = 'running';
  #learningRate: number;
  #clipping: Clipping;
  #clip: ClipThreshold;
  #step = 0;
  #tokens = 0;
  #trainingTime = 0;
  #smoothed = Number.NaN;
  readonly #guard: DivergenceGuard;
  readonly #probes: ProbeSchedule;
  #points = emptyPoints();

  constructor(setting: RunSetting, network: TrainableNetwork, windows: Windows, beginning: Beginning) {
    const { corpus, options, now } = setting;
    this.#setting = setting;
    this.#network = network;
    this.#windows = windows;
    this.#measure = new BitsPerCharacter(corpus.tokenizer);
    this.#validation = new Validation(
      heldOutRows(corpus.train, corpus.heldOut, windows.batch),
      this.#measure,
      options,
      windows.windowsPerEpoch,
      now,
      beginning.checkpoint ?? { best: { weights: network.weights(), loss: Infinity, step: 0 }, step: 0 },
    );
    this.#budget = new Budget(options, now, (setting.spent ?? 0) / 1000, beginning.checkpoint);
    this.#learningRate = beginning.learningRate;
    this.#clipping = beginning.clipping;
    this.#clip = new ClipThreshold(beginning.clipping);
    this.#guard = new DivergenceGuard(beginning.checkpoint?.rateFactor ?? 1);
    this.#probes = new ProbeSchedule(now);
    if (beginning.checkpoint) this.#continue(beginning.checkpoint);
    if (!beginning.paused) return;
    this.#report();
    this.#pause();
  }

  #continue(checkpoint: Checkpoint): void {
    const { weights, optimizer, states, place, step, tokens, trainingSeconds } = checkpoint;
    this.#network.load(weights, optimizer);
    this.#windows.place = place;
    if (states === undefined || !this.#network.loadStates(states)) {
      const before = this.#windows.before(readAgain);
      if (before.length > 0) this.#network.advance(before);
    }
    this.#step = step;
    this.#tokens = tokens;
    this.#trainingTime = 1000 * trainingSeconds;
    this.#smoothed = checkpoint.smoothedLoss;
    this.#clip = new ClipThreshold(checkpoint.clipping, checkpoint.norms);
    // A run that had spent its budget gets it once more.
    if (this.#fraction >= 1) this.#budget.lengthen();
    this.#change('Continued');
  }

  #checkpoint(): Checkpoint {
    return {
      weights: this.#network.weights(),
      optimizer: this.#network.optimizer(),
      states: this.#network.states(),
      best: this.#validation.best,
      fruitlessLooks: this.#validation.fruitlessLooks,
      lastLook: this.#validation.lastStep,
      place: this.#windows.place,
      step: this.#step,
      tokens: this.#tokens,
      seconds: this.#budget.seconds,
      trainingSeconds: this.#trainingTime / 1000,
      budget: this.#budget.limit,
      learningRate: this.#learningRate,
      rateFactor: this.#guard.rateFactor,
      clipping: this.#clipping,
      norms: this.#clip.norms,
      smoothedLoss: this.#smoothed,
    };
  }

  /**
   * Runs to the end. @returns the trained network, or the state to begin again with when the run is rewound
   */
  async train(): Promise<Trained | Beginning> {
    const { controls, breathe } = this.#setting;
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
        else if (this.#validation.isHopeless(this.#step)) await this.#end('early stop');
        else {
          this.#update();
          if (this.#validation.isDue(this.#step)) this.#validate();
          if (this.#probes.isDue(this.#fraction, this.#budget.seconds)) this.#look();
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
      await this.#budget.pause(controls.wait());
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
        this.#guard.forgive();
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
    if (!before) this.#budget.lengthen();
    this.#validation.hope();
    if (typeof this.#state === 'object') this.#resume();
  }

  async #end(end: RunEnd): Promise<void> {
    if (!this.#validation.has(this.#step)) this.#validate();
    this.#remark(this.#guard.settle());
    const { loss } = this.#validation;
    if (loss !== null && !Number.isFinite(loss))
      throw new Problem(
        'The training diverged before it had learned anything. Try a smaller `train.learningRate` or clipping.',
      );
    // A user who stops a run wants it to end.
    if (this.#step > 0 && (end !== 'stopped' || this.#probes.isQuick)) this.#look();
    this.#report();
    this.#state = {
      result: {
        end,
        steps: this.#step,
        tokens: this.#tokens,
        characters: Math.round(this.#tokens * this.#setting.corpus.charactersPerToken),
        seconds: this.#budget.seconds,
        tokensPerSecond: this.#tokensPerSecond,
        trainLoss: Number.isNaN(this.#smoothed) ? this.#setting.corpus.uniform : this.#smoothed,
        validationLoss: loss,
        bestStep: this.#validation.best.step,
      },
      weights: this.#validation.best.weights,
      learningRate: this.#guard.rateFactor * this.#learningRate,
      clip: this.#clip.value,
    };
    await this.#setting.observer.ended(this.#state, this.#network);
  }

  #change(text: string): void {
    this.#remark(`${text}.`);
  }

  #remark(text: string | null): void {
    if (text !== null) this.#points.notes.push({ step: this.#step, text });
  }

  #update(): void {
    const { options, corpus, now } = this.#setting;
    const began = now();
    const window = this.#windows.next();
    if (window.restart) this.#network.reset();
    else this.#network.reset(resetStreams(options.reset, this.#windows.batch, options.seed, this.#step));
    if (window.lead.length > 0) this.#network.advance(window.lead);
    const clip = this.#clip.value;
    const { loss: nats, gradientNorm } = this.#network.step(window.x, window.y, {
      learningRate:
        this.#guard.rateFactor *
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
    if (this.#guard.hasDiverged(loss, gradientNorm, corpus.uniform)) {
      this.#recover();
      return;
    }
    this.#smoothed = Number.isNaN(this.#smoothed) ? loss : 0.95 * this.#smoothed + 0.05 * loss;
    this.#points.steps.push({
      step: this.#step,
      seconds: this.#budget.seconds,
      loss,
      gradientNorm,
      clip: Number.isFinite(clip) ? clip : null,
    });
  }

  #validate(): void {
    const seen = this.#validation.look(this.#network, this.#step, this.#budget.seconds);
    if (this.#validation.best.step === this.#step) this.#remark(this.#guard.settle());
    if (!seen) return;
    if (Number.isFinite(seen.point.loss)) this.#points.validations.push(seen.point);
    if (seen.better) this.#setting.observer.improved(this.#validation.best.weights, seen.point);
  }

  /** Probes the network, always on the same part of the text, so that only the network differs. */
  #look(): void {
    const { probe, corpus } = this.#setting;
    if (!probe || corpus.train.length < probe.length || this.#probes.has(this.#step)) return;
    this.#probes.time(this.#step, this.#fraction, () => {
      const tokens = corpus.train.subarray(corpus.train.length - probe.length);
      const seen = probe.look(this.#network.weights(), tokens);
      this.#points.probes.push({ step: this.#step, seconds: this.#budget.seconds, ...seen });
    });
  }

  /**
   * Goes back to the best state and halves the learning rate.
   * @throws Problem when this has been done many times without success
   */
  #recover(): void {
    const { best } = this.#validation;
    this.#remark(this.#guard.setBack(!Number.isNaN(this.#smoothed), best.step));
    this.#network.load(best.weights);
    this.#network.reset();
  }

  #report(): void {
    const points = this.#points;
    this.#points = emptyPoints();
    const fraction = this.#fraction;
    this.#setting.observer.progress(
      {
        step: this.#step,
        seconds: this.#budget.seconds,
        tokensPerSecond: this.#tokensPerSecond,
        epoch: this.#windows.epoch,
        fraction,
        secondsLeft: fraction > 0 ? (this.#budget.seconds / fraction) * (1 - fraction) : null,
        learningRate: this.#learningRate,
        threshold: this.#threshold,
      },
      points,
      () => this.#checkpoint(),
    );
  }

  get #threshold(): number | null {
    return this.#clipping.kind === 'norm' ? this.#clipping.threshold : null;
  }

  /** The speed of training alone: the time of validation does not count. */
  get #tokensPerSecond(): number {
    return this.#trainingTime > 0 ? (1000 * this.#tokens) / this.#trainingTime : 0;
  }

  get #fraction(): number {
    return this.#budget.fraction(this.#windows.epoch);
  }
}
