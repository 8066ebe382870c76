// Runs the real trainer on small random texts with random options.
import type { Engine, Weights } from '../../../src/backend/engine.ts';
import { startTfjs } from '../../../src/backend/tfjs/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { Problem } from '../../../src/protocol/problem.ts';
import { readKernels } from '../../kernels/modules.ts';
import { type Session, target } from '../target.ts';
import { compareLoss, evaluatedLoss } from './storedLoss.ts';
import {
  type Outcome,
  type Prepared,
  prepare,
  runOnce,
  type TrainingInput,
  trainingInputs,
} from './trainingRun.ts';

/** The relative tolerance of float32 along a few steps. */
const tolerance = 2e-3;

const isClose = (a: number, b: number): boolean =>
  Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b)) <= tolerance;

export const training = target<TrainingInput>({
  name: 'training',
  claim:
    'A run with any options ends in a result or a sentence; interrupted, it goes on to the same weights; both engines agree; the stored loss is that of the stored weights.',
  weight: 2,
  inputs: trainingInputs,
  open: async () => new TrainingSession(await startEngines()),
});

interface Engines {
  /** The compiled engines by the number of parts that a batch is split into. */
  readonly compiled: Readonly<Record<1 | 2, Engine>>;
  readonly reference: Engine;
}

async function startEngines(): Promise<Engines> {
  const start = async (threads: number) => (await startWasm({ read: readKernels, threads, spawn: null }))!;
  return {
    compiled: { 1: await start(1), 2: await start(2) },
    reference: (await startTfjs('', 'cpu')).engine,
  };
}

class TrainingSession implements Session<TrainingInput> {
  readonly #engines: Engines;
  readonly #counts = {
    ended: 0,
    refused: 0,
    diverged: 0,
    continued: 0,
    'loss measured again': 0,
    'tail learned': 0,
    'losses that rounding decides': 0,
  };
  #worst = 0;

  constructor(engines: Engines) {
    this.#engines = engines;
  }

  async check(input: TrainingInput): Promise<void> {
    const engine = this.#engines.compiled[input.threads];
    let outcome: Outcome;
    let prepared: Prepared;
    try {
      prepared = prepare(input);
      outcome = await runOnce(prepared, engine, input);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#counts.refused++;
      return;
    }
    this.#counts.ended++;
    if (outcome.recoveries > 0) this.#counts.diverged++;
    checkNumbers(outcome);
    this.#checkStoredLoss(prepared, engine, outcome);
    await this.#checkContinuation(prepared, engine, input, outcome);
    await this.#checkEngines(prepared, input, outcome);
  }

  /**
   * Checks that the engine finds the stored loss again to the last bit, that a slow measurement finds it too,
   * and that the loss on the held-out part falls once it has been learned.
   */
  #checkStoredLoss(prepared: Prepared, engine: Engine, { result, best, tailLearned, batch }: Outcome): void {
    const { validationLoss } = result;
    if (validationLoss === null) return;
    this.#counts['loss measured again']++;
    const again = evaluatedLoss(prepared, engine, best.weights, batch);
    if (again !== validationLoss)
      throw new Error(`The stored loss is ${validationLoss}, and the engine finds ${again} again.`);
    this.#compareLoss(prepared, best.weights, batch, validationLoss);
    if (!tailLearned) return;
    this.#counts['tail learned']++;
    const after = evaluatedLoss(prepared, engine, tailLearned, batch);
    if (!(after < validationLoss))
      throw new Error(`Learned, the tail has a loss of ${after}, and had one of ${validationLoss} before.`);
    this.#compareLoss(prepared, tailLearned, batch, after);
  }

  #compareLoss(prepared: Prepared, weights: Weights, batch: number, loss: number): void {
    const { error, illConditioned } = compareLoss(prepared, weights, batch, loss);
    if (illConditioned) this.#counts['losses that rounding decides']++;
    else this.#worst = Math.max(this.#worst, error);
  }

  async #checkContinuation(
    prepared: Prepared,
    engine: Engine,
    input: TrainingInput,
    { checkpoint, result, last, best, losses }: Outcome,
  ): Promise<void> {
    if (!checkpoint || input.seconds !== null) return;
    this.#counts.continued++;
    const again = await runOnce(prepared, engine, input, checkpoint);
    const differs = (what: string, a: unknown, b: unknown) => {
      if (!Object.is(a, b))
        throw new Error(`Continued from step ${checkpoint.step}, ${what} is ${b} and not ${a}.`);
    };
    differs('the end', result.end, again.result.end);
    differs('the number of steps', result.steps, again.result.steps);
    for (const [step, loss] of again.losses) differs(`the loss of step ${step}`, losses.get(step), loss);
    differs('the validation loss', result.validationLoss, again.result.validationLoss);
    differs('the best step', best.step, again.best.step);
    const first = firstDifference(last, again.last) ?? firstDifference(best.weights, again.best.weights);
    if (first) throw new Error(`Continued from step ${checkpoint.step}, the weights ${first} are others.`);
  }

  /** Compares the losses of the engines in the first updates, before rounding alone can make them differ. */
  async #checkEngines(prepared: Prepared, input: TrainingInput, outcome: Outcome): Promise<void> {
    if (outcome.recoveries > 0) return;
    // A run that is stopped so early may have found no state with a loss that is a number, which is a sentence.
    const reference = await runOnce(prepared, this.#engines.reference, input, null, 3).catch((error) => {
      if (error instanceof Problem) return null;
      throw error;
    });
    if (!reference) return;
    const { optimizer, learningRate } = prepared.train;
    // Where the gradient is nearly zero, an optimiser that divides by the gradient's own size turns rounding
    // into steps.
    const isSmooth = learningRate <= 0.1 && (!('epsilon' in optimizer) || optimizer.epsilon >= 1e-3);
    for (const [step, loss] of reference.losses) {
      if (step > (isSmooth ? 3 : 1)) return;
      const own = outcome.losses.get(step);
      if (own !== undefined && !isClose(own, loss))
        throw new Error(
          `The loss of step ${step} is ${own} in the compiled engine and ${loss} in the reference.`,
        );
    }
  }

  figures(): Readonly<Record<string, number>> {
    return { ...this.#counts, 'worst error of a stored loss, relative': this.#worst };
  }

  async close(): Promise<void> {}
}

function checkNumbers({ result, losses, best, notes, tailLearned }: Outcome): void {
  const finite = (what: string, value: number | null) => {
    if (value !== null && !Number.isFinite(value))
      throw new Error(`${what} is ${value}; the notes are: ${notes.join(' ') || 'none'}.`);
  };
  finite('The validation loss', result.validationLoss);
  finite('The training loss', result.trainLoss);
  for (const [step, loss] of losses) finite(`The loss of step ${step}`, loss);
  for (const [what, weights] of [
    ['the best state', best.weights],
    ['the state that has learned the tail', tailLearned ?? new Map()],
  ] as const)
    for (const [name, { data }] of weights as Weights)
      if (!data.every(Number.isFinite))
        throw new Error(`In ${what}, ${name} has a number that is not finite.`);
}

/** Returns the name of the first weights that are not the same to the bit, or null. */
function firstDifference(a: Weights, b: Weights): string | null {
  for (const [name, { data }] of a) {
    const other = b.get(name)?.data;
    if (!other || data.some((value, index) => !Object.is(value, other[index]))) return name;
  }
  return null;
}
