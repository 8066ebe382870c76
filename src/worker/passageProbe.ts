// Looks into a network while it is trained: at its gradients, and at what it does on a passage of text.
import type { Architecture, Engine, Predictor, Weights } from '../backend/engine.ts';
import type { ProbedRow } from '../data/dataset.ts';
import { fixedPoints } from '../inspection/fixedPoints.ts';
import { projectOnPlane } from '../inspection/principalComponents.ts';
import { vectorValues } from '../inspection/vectorValues.ts';
import { Problem } from '../protocol/problem.ts';
import type { Around, ProbedPassage, ProbePoint, StatePath } from '../protocol/run.ts';
import { cellsOf, tokensOfStep } from '../tape/architecture.ts';
import { Probe } from '../tape/probing/probe.ts';
import type { FreeRun, PreparedTask } from '../tasks/task.ts';

/** The most tokens of a passage that were read, and the number of those that the network writes after them. */
const readTokens = 40;
const writtenTokens = 200;

/** The number of the latter whose vectors belong to the passage too; reading all of them would take its time. */
const followedTokens = 40;

/** The number of tokens whose fixed points are looked for: the commonest ones of the passage. */
const heldTokens = 3;

/** The seed of what is written. It is always the same, so that only the network differs. */
const seed = 1;

/** The probe of one run: gradients, and what the network does on a passage. */
export class PassageProbe {
  readonly steps: number;
  readonly #makeProbe: () => Probe;
  /** What measures, while it is there. With two layers of 128 units it takes 13 MB. */
  #made: Probe | null = null;
  readonly #task: PreparedTask;
  readonly #engine: Engine;
  readonly #temperature: () => number;
  #predictor: Predictor | null = null;

  /**
   * @param lags how many steps back gradients are measured
   * @param temperature returns the temperature at which the network writes
   */
  constructor(task: PreparedTask, engine: Engine, lags: number, temperature: () => number) {
    const { architecture, dataset, freeRun } = task;
    this.#makeProbe = () => new Probe(architecture, lags, freeRun ? followedTokens : 0, dataset.series);
    this.steps = this.#probe.steps;
    this.#task = task;
    this.#engine = engine;
    this.#temperature = temperature;
  }

  get #probe(): Probe {
    this.#made ??= this.#makeProbe();
    return this.#made;
  }

  look(weights: Weights, { tokens, target, middle }: ProbedRow): Omit<ProbePoint, 'step' | 'seconds'> {
    // It comes first, since the values that the passage has are those of the last look.
    const gradients = middle ? this.#probe.gradients(weights, tokens, middle) : null;
    const run = this.#freeRun(weights, tokens);
    const followed = run?.written.slice(0, followedTokens).map(({ token }) => token) ?? [];
    const probed = this.#probe.look(weights, tokens, target, followed);
    const passage = this.#passage(tokens, followed, run, Object.keys(probed.gradientByLag));
    const around = gradients && aroundOf(this.#task.architecture, gradients, middle!.at, passage.read);
    return { ...probed, passage: { ...passage, ...(around && { around }) } };
  }

  /** Gives memory back until the next look. */
  rest(): void {
    this.#made?.dispose();
    this.#made = null;
  }

  dispose(): void {
    this.rest();
    this.#predictor?.dispose();
  }

  /** Lets the network write; null where it is of a task that writes nothing, or predicts no numbers. */
  #freeRun(weights: Weights, tokens: Int32Array): FreeRun | null {
    const { architecture, freeRun } = this.#task;
    if (!freeRun) return null;
    if (this.#predictor) this.#predictor.load(weights);
    else this.#predictor = this.#engine.predict(architecture, weights);
    const predictor = this.#predictor;
    const options = { temperature: this.#temperature(), seed, length: writtenTokens };
    return whereFinite(() => freeRun(predictor, tokens, options));
  }

  #passage(
    tokens: Int32Array,
    followed: readonly number[],
    run: FreeRun | null,
    states: readonly string[],
  ): ProbedPassage {
    const { tokenizer, architecture } = this.#task;
    const textOf = (token: number) => (this.#task.textOf?.(token) ?? tokenizer?.symbols[token]) || '\uFFFD';
    // The first token of a step is shown.
    const each = tokensOfStep(architecture);
    const row = Array.from({ length: tokens.length / each }, (_, step) => tokens[step * each]);
    const written = (run?.written ?? []).map(({ token, surprise }) => ({
      text: textOf(token),
      surprise: Number(surprise.toPrecision(3)),
    }));
    if (this.#task.direction === 'backward') written.reverse();
    const read = Math.min(readTokens, row.length);
    const first = row.length - read;
    const of = (name: string) => this.#probe.values(name).slice(first);
    return {
      tokens: [...row.slice(first), ...followed].map(textOf),
      read,
      written: written.map(({ text }) => text),
      surprise: written.map(({ surprise }) => surprise),
      vectors: Object.fromEntries(this.#probe.names.map((name) => [name, vectorValues(of(name))])),
      activation: Object.fromEntries(states.map((name) => [name, of(name).slice(0, read).map(meanAbsolute)])),
      path: this.#path(lastState(architecture, states), row, first, run !== null, textOf),
      freeRunning: run?.losses ?? null,
    };
  }

  /**
   * Returns the path of a state; null where there is none, or it has one unit alone.
   * @param first the place in the row with which the passage begins
   * @param writes whether the network writes, so that it can read any token after any other
   */
  #path(
    state: string | undefined,
    row: readonly number[],
    first: number,
    writes: boolean,
    textOf: (token: number) => string,
  ): StatePath | null {
    const vectors = state === undefined ? null : this.#probe.values(state);
    if (!vectors || vectors[0].length < 2) return null;
    const { points, explained, project } = projectOnPlane(vectors);
    const path = {
      state: state!,
      points: points.slice(first).map((point) => point.map(digits)),
      explained: explained.map(digits),
    };
    const slice = this.#predictor?.states.find(({ name }) => name === state);
    if (!writes || !slice) return path;
    const found = whereFinite(() =>
      fixedPoints(this.#predictor!, this.#predictor!.initial(), commonest(row)),
    );
    const resting = found?.map(({ token, state: { buffer } }) => ({
      token: textOf(token),
      point: project(new Float32Array(buffer, 4 * slice.at, slice.width)).map(digits),
    }));
    return { ...path, fixedPoints: resting ?? [] };
  }
}

/** Returns the commonest tokens of a row, the commonest first. */
function commonest(row: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const token of row) counts.set(token, (counts.get(token) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, heldTokens)
    .map(([token]) => token);
}

/** Lets a network work; null where its values are no numbers, since a network that has diverged is shown as it is. */
function whereFinite<Result>(work: () => Result): Result | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return null;
  }
}

/** Returns the name of the last layer's output, if it is a state, or else of the last state. */
function lastState({ layers }: Architecture, states: readonly string[]): string | undefined {
  const index = layers.length - 1;
  const output = `layers.${index}.${layers[index].cell.output}`;
  return states.includes(output) ? output : states.at(-1);
}

const meanAbsolute = (values: Float64Array): number =>
  Number((values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length).toPrecision(3));

/** Rounds to what a picture shows. */
const digits = (value: number): number => Number(value.toPrecision(4));

/**
 * Returns the gradients by the states of the last bidirectional layer; null where there is none, or the token is not
 * among those of the passage.
 * @param at the step whose loss the gradients are of
 * @param read the number of tokens of the passage, which are the last ones of the row
 */
function aroundOf(
  architecture: Architecture,
  gradients: Readonly<Record<string, readonly number[]>>,
  at: number,
  read: number,
): Around | null {
  const index = architecture.layers.findLastIndex(({ bidirectional }) => bidirectional);
  if (index < 0) return null;
  const { output } = architecture.layers[index].cell;
  const [forward, backward] = cellsOf(architecture, index).map(({ prefix }) => gradients[prefix + output]);
  const first = (forward?.length ?? 0) - read;
  if (!forward || !backward || at < first) return null;
  return { at: at - first, forward: forward.slice(first), backward: backward.slice(first) };
}
