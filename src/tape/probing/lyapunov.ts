// The Lyapunov exponents of a network along what it reads: how fast states that differ by little part, or come together.
import { type Architecture, tokensOfStep } from '../architecture.ts';
import { compileStateTangents } from '../compile.ts';
import { parameters, type Weights } from '../parameters.ts';
import { layOutParameters } from '../planning/layout.ts';
import type { LookupTables } from '../planning/lookupTables.ts';
import { random } from '../random.ts';
import { ScalarTape } from '../scalar/scalarTape.ts';
import { tangentName } from '../tangents.ts';

/** A place in memory, [count × width]. */
interface Block {
  readonly at: number;
  readonly width: number;
}

/** The seed of the directions that the tangents begin with. */
const seed = 1;

/**
 * The state of a network is all that it carries from a step to the next one: the vectors of the cells that are read at
 * later steps, each as often as it has lags.
 *
 * Tangents are carried along by the Jacobians of the steps, one a row of the batch, and after each step they are made
 * orthonormal again by a QR decomposition. The exponents are the means of the logarithms of its diagonal (Benettin,
 * Galgani, Giorgilli & Strelcyn 1980; Engelken, Wolf & Abbott 2023 for recurrent networks).
 */
export class Lyapunov {
  /** The number of values of the state, which is how many exponents there are. */
  readonly dimension: number;
  readonly #architecture: Architecture;
  readonly #tape: ScalarTape;
  readonly #count: number;
  /** The blocks of the tangents among the carried states, [count × width] each. */
  readonly #blocks: readonly Block[];
  /** The blocks of the states themselves. */
  readonly #states: readonly Block[];

  /**
   * @param most how many exponents are computed at most, the largest first
   * @param tables the numbers, where numbers are read
   */
  constructor(architecture: Architecture, most: number, tables: LookupTables | null = null) {
    this.#architecture = architecture;
    const { graph } = compileStateTangents(architecture);
    const keys = new Set(graph.states.map(({ key }) => key));
    const tangents = graph.states.filter(({ key }) => isTangent(key, keys));
    this.dimension = tangents.reduce((sum, { node, lags }) => sum + lags * node.width, 0);
    this.#count = Math.max(1, Math.min(most, this.dimension));
    this.#tape = new ScalarTape(graph, {
      layout: layOutParameters(parameters(architecture), [graph], 0),
      batch: this.#count,
      steps: 1,
      parameterGradients: false,
      tables,
    });
    const [blocks, states]: [Block[], Block[]] = [[], []];
    let at = this.#tape.carry;
    for (const { key, node, lags } of graph.states)
      for (let lag = 1; lag <= lags; lag++, at += this.#count * node.width)
        (isTangent(key, keys) ? blocks : states).push({ at, width: node.width });
    this.#blocks = blocks;
    this.#states = states;
  }

  /** Gives back the memory. */
  dispose(): void {
    this.#tape.dispose();
  }

  /**
   * Returns the exponents in nats a step, the largest first. One is -Infinity where a difference vanishes within a step,
   * and NaN where the states are no numbers.
   * @param tokens what the network reads from h[0] on, [steps × tokens of a step]
   * @param settling the number of steps in which the tangents turn to their directions, before anything is measured
   */
  spectrum(weights: Weights, tokens: ArrayLike<number>, settling: number): number[] {
    if (this.dimension === 0) return [];
    const { memory, plan, runner } = this.#tape;
    const count = this.#count;
    this.#tape.writeWeights(weights);
    this.#tape.deriveParameters();
    this.#tape.writeInitialStates();
    const next = random(seed);
    const directions = Array.from({ length: count }, () =>
      Float64Array.from({ length: this.dimension }, () => 2 * next() - 1),
    );
    orthonormalise(directions);
    const each = tokensOfStep(this.#architecture);
    const steps = tokens.length / each;
    const sums = new Float64Array(count);
    for (let t = 0; t < steps; t++) {
      memory.fill(t === 0 ? 0 : -1, plan.fresh, plan.fresh + count);
      for (const [index, at] of plan.tokens.entries()) memory.fill(tokens[t * each + index], at, at + count);
      this.#exchange(directions, (direction, from, at, width) =>
        memory.set(direction.subarray(from, from + width), at),
      );
      runner.run(1);
      runner.save(1);
      this.#exchange(directions, (direction, from, at, width) =>
        direction.set(memory.subarray(at, at + width), from),
      );
      // A tangent may go on as if nothing were wrong, as that of h[t-1] + log(-1) does.
      if (this.#hasLost()) return Array.from(sums, () => Number.NaN);
      const lengths = orthonormalise(directions);
      if (t >= settling) for (const [i, length] of lengths.entries()) sums[i] += Math.log(length);
    }
    return Array.from(sums, (sum) => sum / (steps - settling)).sort((a, b) => b - a);
  }

  /** Whether a state is no number any more. */
  #hasLost(): boolean {
    return this.#states.some(({ at, width }) =>
      this.#tape.memory.subarray(at, at + this.#count * width).some(Number.isNaN),
    );
  }

  /** Visits the part of each direction that belongs to each block. */
  #exchange(
    directions: readonly Float64Array[],
    visit: (direction: Float64Array, from: number, at: number, width: number) => void,
  ): void {
    for (const [row, direction] of directions.entries()) {
      let from = 0;
      for (const { at, width } of this.#blocks) {
        visit(direction, from, at + row * width, width);
        from += width;
      }
    }
  }
}

const isTangent = (key: string, keys: ReadonlySet<string>): boolean =>
  key.endsWith(tangentName('')) && keys.has(key.slice(0, -tangentName('').length));

/**
 * Makes vectors orthonormal in their order, by the modified Gram-Schmidt process, which is a QR decomposition.
 * @returns the diagonal of R: what is left of each vector's length without its parts along those before it. A vector of
 * which nothing is left becomes zero.
 */
function orthonormalise(vectors: readonly Float64Array[]): number[] {
  return vectors.map((vector, index) => {
    for (const before of vectors.slice(0, index)) {
      let along = 0;
      for (let i = 0; i < vector.length; i++) along += before[i] * vector[i];
      for (let i = 0; i < vector.length; i++) vector[i] -= along * before[i];
    }
    const length = Math.hypot(...vector);
    for (let i = 0; i < vector.length; i++) vector[i] = length === 0 ? 0 : vector[i] / length;
    return length;
  });
}
