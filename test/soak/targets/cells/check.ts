// Checks one cell in one network: compares the compiled tape, run in three ways, with the reference of
// `truth.ts`.
import type { Engine, Weights } from '../../../../src/backend/engine.ts';
import type { WasmNetwork } from '../../../../src/backend/wasm/network.ts';
import type { CheckedCell } from '../../../../src/language/cell.ts';
import type { Architecture } from '../../../../src/tape/architecture.ts';
import { layerWidths } from '../../../../src/tape/architecture.ts';
import { compileProbe, compileRecurrence } from '../../../../src/tape/compile.ts';
import { initialWeights } from '../../../../src/tape/parameters.ts';
import { schedule } from '../../../../src/tape/planning/schedule.ts';
import { random } from '../../../../src/tape/random.ts';
import { ScalarTraining } from '../../../../src/tape/scalar/scalarTraining.ts';
import { lossRounding, roundedTrainings } from './conditioning.ts';
import { bestDifference, quickDifference, type Sample } from './differences.ts';
import type { Figures } from './figures.ts';
import { ReferenceReading } from './referenceReading.ts';
import { runWindow, type Window, type WindowResult } from './referenceWindow.ts';
import type { Setting } from './setting.ts';
import { type History, Truth } from './truth.ts';

/** The tolerance of a gradient, relative to the largest gradient of its parameter. */
const tolerance = 1e-5;
/** The tolerance of 32 bits compared with 64, where the numbers are well conditioned. */
const singleTolerance = 1e-3;
/**
 * A smaller gradient is compared as if it were this, times the largest value: p - 1 has an error of 1e-7 in
 * 32 bits, however small it is.
 */
const smallest = 1e-3;
/** A value that is nearer to a kink may take another branch in 32 bits. */
const nearKink = 1e-5;
/**
 * Where the largest of a vector's units is this many times their deviation, they differ by rounding alone
 * after `norm`.
 */
const cancelled = 50;
/** Products of numbers above these leave the range of 32 and of 64 bits. */
const largestSingle = 1e15;
const largestDouble = 1e150;
const learningRate = 0.01;

export class CellCheck {
  readonly #setting: Setting;
  readonly #cell: CheckedCell;
  readonly #architecture: Architecture;
  readonly #engine: Engine;
  readonly #figures: Figures;
  readonly #next: () => number;
  readonly #weights: Weights;
  readonly #trueWeights: Map<string, Float64Array>;
  readonly #truth: Truth;
  readonly #scalar: ScalarTraining;
  /**
   * The error of the engine in the windows before, which is how far its states may be off in the next one.
   */
  #off = 0;
  /** The windows that were run before the present one. */
  readonly #before: Window[] = [];

  constructor(cell: CheckedCell, setting: Setting, engine: Engine, figures: Figures) {
    const { hidden, vocabulary, embedding, tied, batch, steps, seed } = setting;
    this.#cell = cell;
    this.#setting = setting;
    this.#engine = engine;
    this.#figures = figures;
    this.#next = random(seed);
    this.#architecture = {
      inputs: vocabulary,
      outputs: vocabulary,
      embedding,
      layers: hidden.map((units) => ({ cell, hidden: units })),
      tied,
      head: { kind: 'every step' },
    };
    this.#weights = initialWeights(this.#architecture, seed);
    for (const { data } of this.#weights.values())
      for (let i = 0; i < data.length; i++) data[i] += (this.#next() - 0.5) * 0.5;
    this.#trueWeights = new Map(
      [...this.#weights].map(([name, { data }]) => [name, Float64Array.from(data)]),
    );
    this.#truth = new Truth(this.#architecture, this.#trueWeights);
    this.#scalar = new ScalarTraining(this.#architecture, { batch, steps, dropout: 0, seed: 1 });
    this.#scalar.load(this.#weights);
  }

  /**
   * Runs all comparisons.
   * @throws Error where anything differs
   */
  run(): void {
    const { batch, steps, carry, countFrom } = this.#setting;
    this.#compileOthers();
    const trained = this.#engine.train(
      this.#architecture,
      { batch, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 },
      this.#weights,
    ) as WasmNetwork;
    try {
      let histories: readonly History[] | null = null;
      // Rounding that was enlarged in one window stays in the states of the next one.
      let cancellation = 0;
      for (const first of [0, countFrom]) {
        const window = this.#window(histories === null, first);
        const found = runWindow(this.#truth, this.#setting, window, histories);
        cancellation = Math.max(cancellation, found.cancellation);
        const reference = { ...found, cancellation };
        const last = histories !== null;
        const rate = last ? learningRate : 0;
        if (!Number.isFinite(reference.loss)) {
          this.#figures['not finite']++;
          const loss = this.#scalar.run(window);
          if (Number.isFinite(loss))
            throw new Error(`The loss is ${loss} in the tape, and not finite in truth.`);
          trained.step(window.x, window.y, this.#update(rate));
          return;
        }
        const loss = this.#scalar.run(window);
        const off = Math.abs(loss - reference.loss) / Math.max(1, Math.abs(reference.loss));
        if (!(off <= 1e-9)) {
          const isKnown = reference.cancellation > cancelled || reference.singular;
          if (!isKnown && !(off <= 100 * this.#lossRounding(window, reference.loss)))
            throw new Error(`The loss is ${loss} in the tape, and ${reference.loss} in truth.`);
          // Rounding has become a value here: it grows by each norm of equal units, and decides the sign of a
          // division by 0.
          this.#figures['ill-conditioned']++;
          return;
        }
        const gradients = this.#gradientsOf(this.#scalar);
        const finite = [...gradients.values()].every((gradient) => gradient.every(Number.isFinite));
        if (!finite && !reference.singular && reference.largest < largestDouble)
          throw new Error('A gradient is not a number, and no function is left by its range.');
        if (!finite) this.#figures['at a singular point']++;
        else this.#compareDifferences(window, histories, gradients, reference);
        this.#compareEngine(trained, window, gradients, reference, rate);
        if (!finite) return;
        if (last) this.#compareUpdate(trained, gradients);
        this.#scalar.carryFrom(carry);
        this.#before.push(window);
        histories = reference.ends;
      }
      this.#compareReading(trained);
    } finally {
      trained.dispose();
    }
  }

  #window(fresh: boolean, countFrom: number): Window {
    const { batch, steps, vocabulary } = this.#setting;
    const token = () => Math.floor(this.#next() * vocabulary);
    const x = Int32Array.from({ length: batch * steps }, token);
    const y = Int32Array.from({ length: batch * steps }, (_, i) =>
      i % steps < countFrom || (this.#next() < 0.2 && i > steps - 1) ? -1 : token(),
    );
    // The first step that counts has a target.
    y[countFrom] = Math.max(0, y[countFrom]);
    return { x, y, fresh, countFrom, scale: 1 / y.reduce((count, each) => count + (each >= 0 ? 1 : 0), 0) };
  }

  /** Returns the gradients of the trained parameters, by name. */
  #gradientsOf(scalar: ScalarTraining): Map<string, Float64Array> {
    return new Map(
      scalar.described.flatMap(({ name, trained }) =>
        trained ? [[name, scalar.gradient(name)] as const] : [],
      ),
    );
  }

  /**
   * Compares each parameter's gradient with differences along a random direction, in which all of its numbers
   * move by the same distance.
   */
  #compareDifferences(
    window: Window,
    histories: readonly History[] | null,
    gradients: ReadonlyMap<string, Float64Array>,
    { decisions, cancellation }: WindowResult,
  ): void {
    const figures = this.#figures;
    const least = Math.max(1e-6, 1e-4 * Math.max(...[...gradients.values()].map(largestOf)));
    for (const [name, gradient] of gradients) {
      const values = this.#trueWeights.get(name)!;
      const before = values.slice();
      const direction = before.map(() => (this.#next() < 0.5 ? -1 : 1));
      const f = (at: number): Sample => {
        for (let i = 0; i < values.length; i++) values[i] = before[i] + at * direction[i];
        const reference = runWindow(this.#truth, this.#setting, window, histories);
        values.set(before);
        return { value: reference.loss, decisions: reference.decisions, largest: reference.largest };
      };
      const along = gradient.reduce((sum, each, i) => sum + each * direction[i], 0);
      const largest = gradient.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
      figures.directions++;
      const agrees = (value: number) =>
        Math.abs(value - along) <= tolerance * Math.max(largest, Math.abs(value) / values.length, least);
      const quick = quickDifference(f, decisions);
      if (quick.kind === 'derivative' && agrees(quick.value)) continue;
      const found = bestDifference(f, decisions);
      if (found.kind === 'kink') figures['at a kink']++;
      else if (found.kind === 'outside') figures['at a singular point']++;
      else if (!agrees(found.value)) {
        const difference = Math.abs(found.value - along);
        const settled = difference > 10 * found.error && cancellation <= cancelled;
        if (settled && difference > 10 * this.#noise(window, name, direction, along))
          throw new Error(
            `The gradient of '${name}' is wrong: ${along} along a direction where differences say ${found.value} ± ${found.error}.`,
          );
        figures['differences that do not settle']++;
      } else {
        const worst = Math.abs(found.value - along) / Math.max(largest, least);
        figures['worst gradient'] = Math.max(figures['worst gradient'], worst);
      }
    }
  }

  /**
   * Returns how far a gradient along a direction moves by rounding alone: the weights and the states are moved
   * by their last digits in 64 bits (Monte Carlo arithmetic, Parker 1997).
   */
  #noise(window: Window, name: string, direction: Float64Array, along: number): number {
    const { memory, described, stateWords } = this.#scalar;
    const words = [...described.flatMap((each) => this.#scalar.words(each.name)), ...stateWords];
    const kept = memory.slice();
    let most = 0;
    for (let tries = 0; tries < 8; tries++) {
      for (const word of words) memory[word] *= 1 + (2 * this.#next() - 1) * Number.EPSILON;
      this.#scalar.run(window);
      const moved = this.#scalar.gradient(name).reduce((sum, each, i) => sum + each * direction[i], 0);
      most = Math.max(most, Math.abs(moved - along));
      memory.set(kept);
    }
    return most;
  }

  #update(rate: number) {
    const { carry } = this.#setting;
    return { learningRate: rate, clip: Number.POSITIVE_INFINITY, l1: 0, l2: 0, carry };
  }

  #compareEngine(
    trained: WasmNetwork,
    window: Window,
    gradients: ReadonlyMap<string, Float64Array>,
    reference: WindowResult,
    rate: number,
  ): void {
    const { loss } = trained.step(window.x, window.y, this.#update(rate));
    const found = trained.gradients();
    // A value that is 0 in 64 bits may be the smallest number in 32, which has another logarithm.
    if (reference.margin < nearKink || reference.singular || reference.cancellation > cancelled)
      this.#off = Number.POSITIVE_INFINITY;
    const overall = Math.max(...[...gradients.values()].map(largestOf).filter(Number.isFinite));
    if (reference.largest > largestSingle || overall > largestSingle) this.#off = Number.POSITIVE_INFINITY;
    if (this.#off === Number.POSITIVE_INFINITY) return;
    const off = Math.abs(loss - reference.loss);
    const strange: string[] = [];
    let worst = off / Math.max(1, reference.loss);
    if (!(worst <= singleTolerance)) strange.push(`a loss of ${loss}, not ${reference.loss}`);
    for (const [name, gradient] of gradients) {
      if (!gradient.every(Number.isFinite)) continue;
      const scale = Math.max(largestOf(gradient), 1e-2 * overall, smallest * Math.max(1, reference.largest));
      const difference = differenceOf(found.get(name)!.data, gradient) / scale;
      if (!(difference <= singleTolerance))
        strange.push(`a gradient of '${name}' that is off by ${difference} of the largest, ${scale}`);
      worst = Math.max(worst, difference);
    }
    const figures = this.#figures;
    if (strange.length === 0)
      figures['worst difference of engines'] = Math.max(figures['worst difference of engines'], worst);
    else {
      const rounding = this.#rounding(window, gradients, reference.loss);
      if (Number.isFinite(rounding) && !(worst <= 100 * rounding))
        throw new Error(`The engine finds ${strange[0]}.`);
      figures['ill-conditioned']++;
    }
    this.#off = Math.max(this.#off, worst);
  }

  #lossRounding(window: Window, loss: number): number {
    const windows = [...this.#before, window];
    return lossRounding(this.#truth, this.#trueWeights, this.#setting, windows, loss, this.#next);
  }

  /**
   * Returns how far the gradients of this window move by rounding alone, relative to the largest of each: all
   * values are rounded to 32 bits, in this window and in all of them, then the weights are moved by their last digits and the
   * states by the engine's error in the windows before. It is not finite where 32 bits cannot hold them.
   */
  #rounding(window: Window, gradients: ReadonlyMap<string, Float64Array>, loss: number): number {
    const { batch, steps } = this.#setting;
    let most = 0;
    const compare = (scalar: ScalarTraining) => {
      const off = Math.abs(scalar.run(window) - loss) / Math.max(1, loss);
      if (!(off <= most)) most = off;
      for (const [name, gradient] of this.#gradientsOf(scalar)) {
        const expected = gradients.get(name)!;
        const difference = differenceOf(gradient, expected) / Math.max(largestOf(expected), 1e-6);
        if (!(difference <= most)) most = difference;
      }
    };
    const options = { batch, steps, dropout: 0, seed: 1, precision: 32 } as const;
    const single = () => new ScalarTraining(this.#architecture, options);
    const windows = { before: this.#before, carry: this.#setting.carry };
    for (const rounded of roundedTrainings(single, this.#scalar, this.#weights, windows)) compare(rounded);
    if (!Number.isFinite(most)) return most;
    const kept = this.#scalar.memory.slice();
    for (let tries = 0; tries < 8; tries++) {
      const { memory, described, stateWords } = this.#scalar;
      const weightWords = described.flatMap(({ name }) => this.#scalar.words(name));
      for (const word of weightWords) memory[word] *= 1 + (this.#next() - 0.5) * 2e-7;
      for (const word of stateWords) memory[word] *= 1 + (this.#next() - 0.5) * (2e-7 + this.#off);
      compare(this.#scalar);
      this.#scalar.memory.set(kept);
    }
    return most;
  }

  /** Compares the update, which is plain gradient descent, and none where a gradient is not a number. */
  #compareUpdate(trained: WasmNetwork, gradients: ReadonlyMap<string, Float64Array>): void {
    const found = trained.gradients();
    const after = trained.weights();
    const finite = [...found.values()].every(({ data }) => data.every(Number.isFinite));
    for (const [name, { data }] of this.#weights) {
      const moves = finite && gradients.has(name);
      for (const [i, value] of after.get(name)!.data.entries()) {
        const expected = moves ? data[i] - learningRate * found.get(name)!.data[i] : data[i];
        if (!(Math.abs(value - expected) <= 1e-6 * Math.max(1, Math.abs(expected))))
          throw new Error(`'${name}' becomes ${value} by an update that leads to ${expected}.`);
      }
    }
  }

  /** Compares evaluation and prediction at the initial weights. */
  #compareReading(trained: WasmNetwork): void {
    const { vocabulary, batch, steps } = this.#setting;
    trained.load(this.#weights);
    const window = this.#window(true, 0);
    const reference = runWindow(this.#truth, this.#setting, window, null);
    if (
      !Number.isFinite(reference.loss) ||
      reference.margin < nearKink ||
      reference.singular ||
      reference.largest > 1e3 ||
      reference.cancellation > cancelled
    )
      return;
    const found = [trained.evaluate(window.x, window.y, batch)];
    const predictor = this.#engine.predict(this.#architecture, this.#weights);
    try {
      const state = predictor.initial();
      const logits = new Float32Array(vocabulary);
      for (const token of window.x.subarray(0, steps)) predictor.next(state, token, state, logits);
      found.push(...logits);
    } finally {
      predictor.dispose();
    }
    const reading = new ReferenceReading(
      this.#truth,
      this.#trueWeights,
      () => runWindow(this.#truth, this.#setting, window, null).loss,
      window.x.subarray(0, steps),
    );
    const expected = reading.read();
    const off = expected.map((value, i) => Math.abs(found[i] - value) / Math.max(1, Math.abs(value)));
    const worst = off.findIndex((each) => !(each <= singleTolerance));
    if (worst < 0) return;
    if (off[worst] <= 100 * reading.rounding(this.#next)[worst]) {
      this.#figures['ill-conditioned']++;
      return;
    }
    throw new Error(
      worst === 0
        ? `An evaluation finds a loss of ${found[0]}, not ${expected[0]}.`
        : `A prediction is ${found[worst]}, not ${expected[worst]}.`,
    );
  }

  /** Compiles the other graphs of a cell: that of the probe, and that of the cell by itself. */
  #compileOthers(): void {
    schedule(compileProbe(this.#architecture).graph);
    if (this.#cell.outputLag > 0) return;
    const widths = layerWidths(this.#architecture, 0);
    schedule(compileRecurrence(this.#cell, widths).graph);
  }
}

/** Returns the largest difference; NaN where one of `actual` is NaN. */
const differenceOf = (actual: ArrayLike<number>, expected: Float64Array): number =>
  expected.reduce((most, each, i) => {
    const off = Math.abs(each - actual[i]);
    return off <= most ? most : off;
  }, 0);

const largestOf = (values: Float64Array): number =>
  values.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
