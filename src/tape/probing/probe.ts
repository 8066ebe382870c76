// Probes a network: how far back the loss's gradient reaches, which gates are saturated, how fast a
// signal grows in each recurrent matrix, and how fast states part. It runs apart from the training, in plain loops, and may be slow.
import { type Architecture, cellsOf, encoderOf, readsBothWays } from '../architecture.ts';
import { compileProbe } from '../compile.ts';
import type { Node } from '../graph.ts';
import { parameters, type Weights } from '../parameters.ts';
import { layOutParameters } from '../planning/layout.ts';
import type { LookupTables } from '../planning/lookupTables.ts';
import { ScalarTape } from '../scalar/scalarTape.ts';
import { Lyapunov } from './lyapunov.ts';
import { recurrentRadii } from './recurrentRadii.ts';

/** The measurements of a probe, by names like those of the weights: `layers.0.h`. */
export interface Probed {
  /**
   * The gradient by lag of each state s: the norm of ∂L/∂s[T-k] for k = 0, 1, … , where L is the loss of step
   * T alone (Bengio, Simard & Frasconi 1994).
   */
  readonly gradientByLag: Readonly<Record<string, readonly number[]>>;
  /**
   * The saturation of each sigmoid or tanh vector: the share of units and steps within a tenth of its limits.
   */
  readonly saturation: Readonly<Record<string, number>>;
  /** The spectral radius of each matrix that multiplies a vector of an earlier step. */
  readonly spectralRadius: Readonly<Record<string, number>>;
  /** The largest Lyapunov exponents along the row, those that are numbers, in nats a step. */
  readonly lyapunov: readonly number[];
}

/** A sigmoid is saturated below 0.1 and above 0.9 (Karpathy, Johnson & Fei-Fei 2015), a tanh beyond ±0.9. */
const saturated = {
  sigmoid: (value: number) => value < 0.1 || value > 0.9,
  tanh: (value: number) => Math.abs(value) > 0.9,
};

/** The number of Lyapunov exponents, and the share of a row in which their directions settle. */
const exponents = 2;
const settlingShare = 0.25;

/** Looks into a network whose weights may change from look to look. */
export class Probe {
  readonly #compiled: ReturnType<typeof compileProbe>;
  /** The tape has 64 bits, since what vanishes or explodes over two hundred steps leaves the range of 32. */
  readonly #tape: ScalarTape;
  readonly #steps: number;
  readonly #architecture: Architecture;
  readonly #gates: readonly { name: string; saturated: (value: number) => boolean }[];
  readonly #lyapunov: Lyapunov | null;
  /** The number of tokens of the last look, those after the row included. */
  #read = 0;

  /**
   * @param lags how many steps back gradients are measured
   * @param after the most tokens that are read after the one whose loss the gradients are of
   * @param tables the numbers, where numbers are read or predicted
   */
  constructor(architecture: Architecture, lags: number, after = 0, tables: LookupTables | null = null) {
    this.#steps = lags + 1;
    this.#architecture = architecture;
    this.#compiled = compileProbe(architecture);
    const { graph } = this.#compiled;
    this.#tape = new ScalarTape(graph, {
      layout: layOutParameters(parameters(architecture), [graph], 0),
      batch: 1,
      steps: this.#steps + after,
      parameterGradients: false,
      tables,
    });
    const layers = architecture.layers.flatMap((_, index) => cellsOf(architecture, index));
    this.#gates = layers.flatMap(({ cell, prefix }) =>
      cell.equations.flatMap(({ name, value }) =>
        value.kind === 'unary' && Object.hasOwn(saturated, value.function)
          ? [{ name: prefix + name, saturated: saturated[value.function as keyof typeof saturated] }]
          : [],
      ),
    );
    // A layer that reads a row from both ends has no state that goes from step to step, and a decoder's depends on its
    // source, too.
    const isDriven = !readsBothWays(architecture) && !encoderOf(architecture);
    this.#lyapunov = isDriven ? new Lyapunov(architecture, exponents, tables) : null;
  }

  /** The largest number of steps of a row. */
  get steps(): number {
    return this.#steps;
  }

  /** Gives back the memory. */
  dispose(): void {
    this.#tape.dispose();
    this.#lyapunov?.dispose();
  }

  /**
   * Measures a network.
   * @param tokens a row, read from h[0], [steps × tokens of a step]
   * @param target the target of the row's last step, whose loss the gradients are of
   * @param further tokens that are read after the row, for the values that vectors have there, in the same order
   */
  look(weights: Weights, tokens: ArrayLike<number>, target: number, further: ArrayLike<number> = []): Probed {
    const { vectors } = this.#compiled;
    const { memory, plan } = this.#tape;
    const steps = tokens.length / plan.tokens.length;
    this.#run(weights, tokens, { at: steps - 1, target }, further);
    return {
      gradientByLag: Object.fromEntries(
        Object.entries(this.#norms(this.#compiled.gradients, steps)).map(([name, norms]) => [
          name,
          norms.toReversed(),
        ]),
      ),
      saturation: Object.fromEntries(
        this.#gates.map(({ name, saturated: isSaturated }) => {
          const node = vectors.get(name)!;
          const { at, step } = plan.locate(node);
          let count = 0;
          for (let t = 0; t < steps; t++)
            for (let i = 0; i < node.width; i++) if (isSaturated(memory[at + t * step + i])) count++;
          return [name, rounded(count / (steps * node.width))];
        }),
      ),
      spectralRadius: Object.fromEntries(
        [...recurrentRadii(this.#architecture, weights)].map(([name, radius]) => [name, rounded(radius)]),
      ),
      lyapunov: this.#exponents(weights, tokens),
    };
  }

  /**
   * Returns the norms of the gradients of one step's loss by each state, [steps].
   * @param tokens a row, read from h[0], [steps × tokens of a step]
   * @param of the step and its target
   */
  gradients(
    weights: Weights,
    tokens: ArrayLike<number>,
    of: { readonly at: number; readonly target: number },
  ): Readonly<Record<string, readonly number[]>> {
    this.#run(weights, tokens, of, []);
    const { gradients, backward } = this.#compiled;
    return this.#norms([...gradients, ...backward], tokens.length / this.#tape.plan.tokens.length);
  }

  /** Reads a row, and goes back through it from the loss of one step. */
  #run(
    weights: Weights,
    tokens: ArrayLike<number>,
    { at, target }: { readonly at: number; readonly target: number },
    further: ArrayLike<number>,
  ): void {
    const { memory, plan } = this.#tape;
    const each = plan.tokens.length;
    const steps = tokens.length / each;
    this.#read = steps + further.length / each;
    this.#tape.writeWeights(weights);
    this.#tape.deriveParameters();
    for (let t = 0; t < steps; t++) {
      for (const [index, location] of plan.tokens.entries()) memory[location + t] = tokens[t * each + index];
      memory[plan.targets + t] = t === at ? target : -1;
    }
    for (let t = steps; t < this.#read; t++) {
      for (const [index, location] of plan.tokens.entries())
        memory[location + t] = further[(t - steps) * each + index];
      memory[plan.targets + t] = -1;
    }
    memory[plan.scale] = 1;
    this.#tape.writeInitialStates();
    this.#tape.runner.run(this.#read);
  }

  /** Returns the norms of gradients of the last run, [steps]. */
  #norms(gradients: Iterable<readonly [string, Node]>, steps: number): Record<string, number[]> {
    return Object.fromEntries(
      [...gradients].map(([name, node]) => {
        const { at, step } = this.#tape.plan.locate(node);
        const norm = (t: number) =>
          Math.hypot(...this.#tape.memory.subarray(at + t * step, at + t * step + node.width));
        return [name, Array.from({ length: steps }, (_, t) => rounded(norm(t)))];
      }),
    );
  }

  #exponents(weights: Weights, tokens: ArrayLike<number>): number[] {
    const steps = tokens.length / this.#tape.plan.tokens.length;
    const spectrum = this.#lyapunov?.spectrum(weights, tokens, Math.floor(settlingShare * steps)) ?? [];
    return spectrum.filter(Number.isFinite).map(rounded);
  }

  /** The names of the states and of the gates, such as `layers.0.h`, each layer's in the order of its equations. */
  get names(): readonly string[] {
    const { gradients, vectors } = this.#compiled;
    const gates = new Set(this.#gates.map(({ name }) => name));
    return [...vectors.keys()].filter((name) => gradients.has(name) || gates.has(name));
  }

  /** Returns what a vector was in the last look, [tokens][units]. @param name one of `names` */
  values(name: string): Float64Array[] {
    const { width } = this.#compiled.vectors.get(name)!;
    const { at, step } = this.#tape.plan.locate(this.#compiled.vectors.get(name)!);
    return Array.from(
      { length: this.#read },
      (_, t) => new Float64Array(this.#tape.memory.subarray(at + t * step, at + t * step + width)),
    );
  }
}

/** Rounds a number to five digits, because a run's history holds many of them. */
const rounded = (value: number): number => Number(value.toPrecision(5));
