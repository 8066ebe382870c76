// A network in 64 bits, linearised at its weights: its logits, products with its Jacobian, and with the transpose.
import { columnSoftmax } from '../../src/language/values.ts';
import { type Architecture, outputLayerWidth, tokensOfStep } from '../../src/tape/architecture.ts';
import { compileTangents } from '../../src/tape/compile.ts';
import { differentiate } from '../../src/tape/differentiate.ts';
import { type Node, now } from '../../src/tape/graph.ts';
import { initialWeights, parameters } from '../../src/tape/parameters.ts';
import { fuseMultiplyAdd } from '../../src/tape/passes/fuse.ts';
import { chainSums } from '../../src/tape/passes/sums.ts';
import { layOutParameters } from '../../src/tape/planning/layout.ts';
import type { LookupTables } from '../../src/tape/planning/lookupTables.ts';
import { random } from '../../src/tape/random.ts';
import { ScalarTape } from '../../src/tape/scalar/scalarTape.ts';
import { tangentDescriptions, tangentName } from '../../src/tape/tangents.ts';

export interface LinearisedOptions {
  readonly batch: number;
  readonly steps: number;
  readonly dropout?: number;
  readonly seed?: number;
}

/** Returns random weights, away from the zeros that initialisers leave, so that every path contributes. */
export function scattered(architecture: Architecture, seed: number) {
  const next = random(seed);
  return new Map(
    [...initialWeights(architecture, seed)].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value) => value + (next() - 0.5) * 0.5) },
    ]),
  );
}

/** Vectors are in the order of the trained parameters' descriptions, row by row. */
export class Linearised {
  readonly memory: Float64Array | Float32Array;
  readonly #tape: ScalarTape;
  readonly #logits: Node;
  readonly #tangent: Node;
  readonly #given: Node;
  readonly #options: LinearisedOptions;
  readonly #architecture: Architecture;

  constructor(architecture: Architecture, options: LinearisedOptions, tables: LookupTables | null = null) {
    const { batch, steps, dropout = 0 } = options;
    this.#options = options;
    this.#architecture = architecture;
    const { graph, logits, tangentOf } = compileTangents(architecture, { dropout: dropout > 0, batch });
    this.#given = graph.add({ kind: 'given', name: 'u' }, [], logits.width, 'step');
    const copyOf = (node: Node) => graph.add({ kind: 'copy' }, [now(node)], node.width, 'step');
    this.#logits = copyOf(logits);
    this.#tangent = copyOf(tangentOf(logits)!);
    const described = parameters(architecture);
    graph.roots = [logits, this.#logits, this.#tangent];
    const trained = new Set(described.flatMap((each) => (each.trained ? [each.name] : [])));
    differentiate(graph, new Map([[logits, this.#given]]), { trained });
    chainSums(graph);
    fuseMultiplyAdd(graph);
    this.#tape = new ScalarTape(graph, {
      layout: layOutParameters([...described, ...tangentDescriptions(described)], [graph], 0),
      batch,
      steps,
      parameterGradients: true,
      tables,
    });
    this.memory = this.#tape.memory;
    this.#tape.writeWeights(scattered(architecture, options.seed ?? 1));
    const { seed = 1 } = options;
    this.memory[this.#tape.plan.seed] = seed;
    this.memory[this.#tape.plan.dropoutRate] = dropout;
    const inputs = tables ? tables.inputs.length / architecture.inputs : architecture.inputs;
    const next = random(seed);
    for (const [index, at] of this.#tape.plan.tokens.entries())
      for (let i = 0; i < batch * steps; i++)
        this.memory[at + i] = index > 0 && i % 3 === 0 ? -1 : Math.floor(next() * inputs);
    // The last row is padded where rows may be.
    if (tokensOfStep(architecture) === 1 && architecture.layers.some(({ bidirectional }) => bidirectional))
      this.memory[this.#tape.plan.tokens[0] + steps * batch - 1] = -1;
  }

  /** The number of trained parameters. */
  get count(): number {
    return this.#words().length;
  }

  /** The tokens, [batch × steps × tokens of a step]. */
  get tokens(): Int32Array {
    const { batch, steps } = this.#options;
    const { tokens } = this.#tape.plan;
    return Int32Array.from({ length: batch * steps * tokens.length }, (_, i) => {
      const place = Math.floor(i / tokens.length);
      return this.memory[tokens[i % tokens.length] + (place % steps) * batch + Math.floor(place / steps)];
    });
  }

  /** The number of logits of all rows and steps. */
  get outputs(): number {
    return this.#options.batch * this.#options.steps * outputLayerWidth(this.#architecture);
  }

  /** Moves the weights. */
  move(direction: Float64Array, by: number): void {
    for (const [i, word] of this.#words().entries()) this.memory[word] += by * direction[i];
  }

  logits(): Float64Array {
    this.#run();
    return this.#read(this.#logits);
  }

  /** Returns J v. */
  product(direction: Float64Array): Float64Array {
    this.#writeTangents(direction);
    this.#run();
    return this.#read(this.#tangent);
  }

  /** Returns Jᵀ u. @param ends [steps × batch × logits] */
  transposed(ends: Float64Array): Float64Array {
    this.#each(this.#given, (at, from, width) => this.memory.set(ends.subarray(from, from + width), at));
    this.#run();
    return Float64Array.from(this.#words(), (word) => this.memory[this.#tape.gradients + word]);
  }

  #run(): void {
    const { batch, steps } = this.#options;
    const { plan, runner } = this.#tape;
    this.#tape.deriveParameters();
    this.memory.fill(0, plan.fresh, plan.fresh + batch);
    this.#tape.writeInitialStates();
    runner.run(steps);
  }

  #read(node: Node): Float64Array {
    const values = new Float64Array(this.outputs);
    this.#each(node, (at, to, width) => values.set(this.memory.subarray(at, at + width), to));
    return values;
  }

  #each(node: Node, visit: (at: number, index: number, width: number) => void): void {
    const { at, step, stride } = this.#tape.plan.locate(node);
    const { batch, steps } = this.#options;
    for (let t = 0; t < steps; t++)
      for (let row = 0; row < batch; row++)
        visit(at + t * step + row * stride, (t * batch + row) * node.width, node.width);
  }

  #trained() {
    return parameters(this.#architecture).filter(({ trained }) => trained);
  }

  #wordsOf(name: string): number[] {
    const { at, rows, columns, rowStride, columnStride } = this.#tape.layout.locations.get(name)!;
    return Array.from(
      { length: rows * columns },
      (_, i) => at + Math.floor(i / columns) * rowStride + (i % columns) * columnStride,
    );
  }

  #words(): number[] {
    return this.#trained().flatMap(({ name }) => this.#wordsOf(name));
  }

  #writeTangents(direction: Float64Array): void {
    let from = 0;
    for (const { name, shape, stochastic } of this.#trained()) {
      const words = this.#wordsOf(name);
      let part = direction.slice(from, from + words.length);
      from += words.length;
      if (stochastic) {
        const values = Float64Array.from(words, (word) => this.memory[word]);
        const p = columnSoftmax(values, shape[0]);
        const columns = values.length / shape[0];
        const along = (i: number) =>
          Array.from({ length: shape[0] }, (_, row) => row * columns + (i % columns)).reduce(
            (sum, j) => sum + p[j] * part[j],
            0,
          );
        part = part.map((value, i) => p[i] * (value - along(i)));
      }
      for (const [i, word] of this.#wordsOf(tangentName(name)).entries()) this.memory[word] = part[i];
    }
  }
}
