// One training run: batches go through a network until the budget is spent, while the validation loss is
// measured.
import type { TrainableNetwork } from '../backend/engine.ts';
import type { Batches } from '../data/dataset.ts';
import { Problem } from '../protocol/problem.ts';
import { emptyPoints, type Measured, type RunEnd, type StepPoint } from '../protocol/run.ts';
import { Budget } from './budget.ts';
import type { Checkpoint } from './checkpoint.ts';
import { Controller } from './controller.ts';
import { ProbeTimer } from './probeTimer.ts';
import { checkReadout } from './ridge.ts';
import type { RunSetting, Trained } from './runSetting.ts';
import { trainingShape } from './trainingShape.ts';
import { type UpdateOptions, Updates } from './updates.ts';
import { Validation } from './validation.ts';

/**
 * The share of its decay that the learning rate skips when there has been no better state for long: it is annealed over the
 * rest.
 */
const annealedFrom = 0.75;

/** The state in which a run begins. */
interface Beginning extends UpdateOptions {
  readonly paused: boolean;
  readonly checkpoint: Checkpoint | null;
  readonly note?: string;
}

/**
 * Trains a network. The promise settles when the run has ended and its controls are closed.
 * @throws Problem when there is too little to train on, or the run cannot be saved from diverging, or has
 * found no state with a loss that is a number
 */
export async function train(setting: RunSetting): Promise<Trained> {
  const { dataset, options, engine, architecture, checkpoint, note } = setting;
  let beginning: Beginning = {
    ...options,
    ...checkpoint,
    paused: false,
    checkpoint,
    ...(note === undefined ? {} : { note }),
  };
  if (options.optimizer.kind === 'ridge') checkReadout(architecture);
  for (;;) {
    const batches = dataset.batches(options);
    const shape = trainingShape(batches, options, setting.model.dropout);
    // A new network makes moments and dropout masks begin anew too.
    const network = engine.train(architecture, shape, setting.weights, dataset.series);
    try {
      setting.observer.started(network.parameterCount);
      const outcome = await new Run(setting, network, batches, beginning).train();
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
  readonly #updates: Updates;
  readonly #validation: Validation;
  readonly #budget: Budget;
  readonly #controller: Controller;
  readonly #probes: ProbeTimer;
  #points = emptyPoints();

  constructor(setting: RunSetting, network: TrainableNetwork, batches: Batches, beginning: Beginning) {
    const { options, now, observer } = setting;
    const { checkpoint } = beginning;
    this.#setting = setting;
    this.#network = network;
    this.#budget = new Budget(options, now, (setting.spent ?? 0) / 1000, checkpoint);
    this.#updates = new Updates(setting, network, batches, this.#budget, beginning);
    this.#validation = new Validation(setting, network, batches, checkpoint);
    this.#probes = new ProbeTimer(now);
    this.#controller = new Controller(setting.controls, observer, {
      stop: () => this.#end('stopped'),
      extend: (lengthens) => {
        this.#budget.restore();
        if (lengthens) this.#budget.lengthen();
        this.#validation.hope();
      },
      setLearningRate: (value) => {
        this.#note(`Learning rate ${this.#updates.learningRate} → ${value}.`);
        this.#updates.learningRate = value;
      },
      setThreshold: (threshold) => {
        const before = this.#threshold ?? this.#updates.clipping.kind;
        this.#note(`Clipping threshold ${before} → ${threshold}.`);
        this.#updates.clipping = { kind: 'norm', threshold };
      },
    });
    if (checkpoint) {
      this.#updates.load(checkpoint);
      // A run that had spent its budget gets it once more.
      if (this.#updates.fraction >= 1) this.#budget.lengthen();
      this.#note('Continued.');
    }
    if (beginning.note !== undefined) this.#note(beginning.note);
    if (!beginning.paused) return;
    this.#report();
    this.#controller.pause();
  }

  /**
   * Runs to the end. @returns the trained network, or the state to begin again with when the run is rewound
   */
  async train(): Promise<Trained | Beginning> {
    const controller = this.#controller;
    for (;;) {
      const obeyed = await controller.obey();
      if (obeyed === 'rewind') {
        const { learningRate, clipping } = this.#updates;
        return { learningRate, clipping, paused: !controller.isRunning, checkpoint: null };
      }
      if (obeyed === 'obeyed') this.#report();
      if (controller.isRunning) await this.#goOn();
      else if (controller.final) return controller.final;
      else if (controller.isAbandoned) await this.#end('stopped');
      else await this.#budget.pause(controller.wait());
    }
  }

  async #goOn(): Promise<void> {
    if (this.#updates.isSolved || this.#updates.fraction >= 1)
      return this.#end(this.#budget.isShortened ? 'early stop' : 'budget');
    if (this.#validation.isHopeless(this.#updates.step, this.#updates.epoch)) {
      if (!this.#mayAnneal) return this.#end('early stop');
      this.#anneal();
    }
    if (!(await this.#update())) return this.#end('diverged');
    if (this.#validation.isDue(this.#updates.step)) this.#validate();
    if (this.#probes.isDue(this.#updates.fraction, this.#budget.seconds)) this.#look();
    this.#report();
    return this.#setting.breathe();
  }

  async #end(end: RunEnd): Promise<void> {
    const { step, tokens, tokensPerSecond, smoothedLoss } = this.#updates;
    const { dataset, observer } = this.#setting;
    if (end === 'diverged')
      this.#note('The loss has exploded: it is no longer a number, and the run does not recover.');
    if (!this.#validation.has(step)) this.#validate();
    this.#note(this.#updates.settle());
    const { loss, best } = this.#validation;
    if (loss !== null && !Number.isFinite(loss))
      throw new Problem(
        'The training diverged before it had learned anything. Try a smaller `train.learningRate` or clipping.',
      );
    // A user who stops a run wants it to end.
    if (step > 0 && (end !== 'stopped' || this.#probes.isQuick)) this.#look();
    this.#setting.probe?.rest();
    this.#report();
    const trained = {
      result: {
        end,
        steps: step,
        tokens,
        characters: Math.round(tokens * dataset.charactersPerToken),
        seconds: this.#budget.seconds,
        tokensPerSecond,
        trainLoss: Number.isNaN(smoothedLoss) ? dataset.uniform : smoothedLoss,
        validationLoss: loss,
        ...measuredOf(best),
        bestStep: best.step,
      },
      best,
      learningRate: this.#updates.learningRateLeft,
      clip: this.#updates.clip,
    };
    this.#controller.ended(trained);
    await observer.ended(trained, this.#network);
  }

  /** Whether the learning rate can still be annealed sooner than the budget has it. */
  get #mayAnneal(): boolean {
    const { decay, optimizer } = this.#setting.options;
    return decay !== 'none' && optimizer.kind !== 'hessian-free' && this.#updates.fraction < annealedFrom;
  }

  /**
   * Goes back to the best state and anneals the learning rate to 0, since no better state can be expected at its height.
   * RNNLM does so by halves (Mikolov et al. 2010).
   */
  #anneal(): void {
    const { best } = this.#validation;
    this.#note(`No better state for long: back to step ${best.step}, and the learning rate falls to 0.`);
    this.#updates.returnTo(best);
    this.#budget.shorten(this.#updates.epoch, annealedFrom);
    this.#validation.hope();
  }

  /** @returns whether the run can go on */
  async #update(): Promise<boolean> {
    const point = this.#updates.isToSolve ? await this.#solve() : this.#updates.next();
    if (point) this.#points.steps.push(point);
    else if (!this.#setting.options.recover) return false;
    else this.#note(this.#updates.goBack(this.#validation.best));
    return true;
  }

  async #solve(): Promise<StepPoint | null> {
    const { point, remark } = await this.#updates.solve();
    this.#note(remark);
    return point;
  }

  #validate(): void {
    const seen = this.#validation.look(this.#updates.step, this.#budget.seconds);
    if (this.#validation.best.step === this.#updates.step) this.#note(this.#updates.settle());
    if (!seen) return;
    if (Number.isFinite(seen.point.loss)) this.#points.validations.push(seen.point);
    if (seen.better) this.#setting.observer.improved(this.#validation.best);
  }

  /** Probes the network, always on the same row, so that only the network differs. */
  #look(): void {
    const { probe, dataset } = this.#setting;
    const { step } = this.#updates;
    const row = probe && !this.#probes.has(step) ? dataset.probed(probe.steps) : null;
    if (!row) return;
    this.#probes.time(step, this.#updates.fraction, () => {
      const seen = probe!.look(this.#network.weights(), row);
      this.#points.probes.push({ step, seconds: this.#budget.seconds, ...seen });
    });
  }

  #note(text: string | null): void {
    if (text !== null) this.#points.notes.push({ step: this.#updates.step, text });
  }

  #report(): void {
    const points = this.#points;
    this.#points = emptyPoints();
    const { step, tokensPerSecond, epoch, fraction, learningRate } = this.#updates;
    const { seconds } = this.#budget;
    this.#setting.observer.progress(
      {
        step,
        seconds,
        tokensPerSecond,
        epoch,
        fraction,
        secondsLeft: fraction > 0 ? (seconds / fraction) * (1 - fraction) : null,
        learningRate,
        threshold: this.#threshold,
      },
      points,
      () => this.#checkpoint(),
    );
  }

  #checkpoint(): Checkpoint {
    return {
      ...this.#updates.checkpoint(),
      ...this.#validation.checkpoint(),
      seconds: this.#budget.seconds,
      budget: this.#budget.limit,
    };
  }

  get #threshold(): number | null {
    const { clipping } = this.#updates;
    return clipping.kind === 'norm' ? clipping.threshold : null;
  }
}

const measuredOf = ({ metric, furtherMetrics }: Measured): Measured => ({
  ...(metric === undefined ? {} : { metric }),
  ...(furtherMetrics === undefined ? {} : { furtherMetrics }),
});
