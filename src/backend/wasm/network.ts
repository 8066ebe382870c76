// A network in training, whose parameters stay in the tape's memory from step to step.

import { tokensOfStep } from '../../tape/architecture.ts';
import { type Compiled, compileForward } from '../../tape/compile.ts';
import type { Graph } from '../../tape/graph.ts';
import { parameters } from '../../tape/parameters.ts';
import { carrySize, longestLag } from '../../tape/planning/carry.ts';
import { aligned, type Layout } from '../../tape/planning/layout.ts';
import {
  type LookupTableLocations,
  type LookupTables,
  writeLookupTables,
} from '../../tape/planning/lookupTables.ts';
import type { Plan } from '../../tape/planning/plan.ts';
import { bind } from '../../tape/planning/program.ts';
import { enterSources, type Sources } from '../../tape/planning/sources.ts';
import { readWeights, writeInitialStates, writeWeights } from '../../tape/planning/weights.ts';
import type {
  Architecture,
  OptimizerState,
  StepResult,
  TrainableNetwork,
  TrainingShape,
  Update,
  Weights,
} from '../engine.ts';
import { createMemory, instantiate, type Machine, pageWords, type WasmKernels } from './module.ts';
import { isReadWhole, planNetwork, segmentSteps } from './networkPlan.ts';
import { planReading, type Reading, type ReadRows, readRows } from './reading.ts';
import type { TeamSetup } from './setup.ts';
import { Streams } from './streams.ts';
import { Team } from './team.ts';
import { enter, type Views, views } from './views.ts';

export class WasmNetwork implements TrainableNetwork {
  readonly shape: TrainingShape;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: WasmKernels;
  #viewed: Views;
  readonly #layout: Layout;
  readonly #tables: LookupTableLocations | null;
  readonly #training: Graph;
  readonly #architecture: Architecture;
  /** The forward pass with losses, and the one with logits once it is needed. */
  readonly #losses: Compiled;
  #logits: Compiled | null = null;
  readonly #setup: TeamSetup;
  readonly #tapes: readonly Plan[];
  /** The tapes that evaluate the same parts of the batch. */
  readonly #readingTapes: readonly Plan[];
  readonly #team: Team;
  readonly #streams: Streams;
  /** The first word of the carried states of an evaluation. */
  readonly #evaluationCarry: number;
  /** The first word of the tapes. Nothing in them outlasts a step, so that reading uses the same memory. */
  readonly #tapesStart: number;
  readonly #readings = new Map<string, Reading>();
  /** Whether something was read since the last step, which has overwritten the tapes' constants. */
  #overwritten = false;
  /** The numbers of steps, for the dropout masks, and of updates, for Adam's bias correction. */
  #steps = 0;
  #updates = 0;
  /** Whether rows are read whole, because a layer reads them from their end too, or an encoder their sources. */
  readonly #whole: boolean;

  /**
   * @param threads the number of parts of a batch, whether or not the machine can start threads
   * @param tables the numbers, where numbers are read or predicted
   */
  constructor(
    machine: Machine,
    threads: number,
    architecture: Architecture,
    shape: TrainingShape,
    weights: Weights,
    tables: LookupTables | null = null,
  ) {
    const { batch, optimizer } = shape;
    this.shape = shape;
    this.#architecture = architecture;
    this.#whole = isReadWhole(architecture);
    this.#shapes = new Map(parameters(architecture).map((each) => [each.name, each.shape]));
    const planned = planNetwork(threads, architecture, shape, tables);
    const { training, reading, layout, tapes, gradients } = planned;
    this.#training = training.graph;
    this.#losses = reading;
    this.#layout = layout;
    this.#streams = new Streams(training.graph.states, layout, planned.carry, batch);
    this.#evaluationCarry = planned.evaluationCarry;
    this.#tables = planned.tables;
    this.#tapesStart = planned.tapesStart;
    this.#tapes = tapes.map(({ tape }) => tape);
    this.#readingTapes = tapes.map(({ readingTape }) => readingTape);

    this.#memory = createMemory(machine.build, planned.end);
    this.#viewed = views(this.#memory.buffer);
    this.#kernels = instantiate(machine.module, this.#memory, machine.tile);
    if (tables && this.#tables) writeLookupTables(this.#viewed.floats, this.#tables, tables);
    for (const tape of this.#tapes) this.#run(tape.setup);
    this.#setup = {
      module: machine.module,
      memory: this.#memory,
      tile: machine.tile,
      parts: tapes.map(({ tape, readingTape }, part) => ({
        program: tape.program,
        gradients: gradients[part],
        losses: tape.locate(training.losses!).at,
        rows: tape.rows,
        reading: { program: readingTape.program, losses: readingTape.locate(reading.losses!).at },
      })),
      optimizer,
      parameters: layout.start,
      moments: planned.moments,
      trained: layout.trained,
      probabilities: layout.probabilities,
      packs: layout.packs,
      control: planned.control,
    };
    this.load(weights);
    this.#team = new Team(this.#setup, this.#kernels, machine.spawn);
  }

  get parameterCount(): number {
    return this.#layout.trained;
  }

  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  reset(streams?: readonly number[]): void {
    this.#streams.reset(streams);
  }

  step(x: Int32Array, y: Int32Array, update: Update, source?: Int32Array): StepResult {
    const { batch, seed, dropout } = this.shape;
    const length = y.length / batch;
    // A window is no shorter than the longest lag, whose gradients are collected over its first steps.
    const steps = Math.max(length, Math.min(this.shape.steps, longestLag(this.#training.states, 'step')));
    const { floats, integers } = this.#views();
    if (this.#overwritten) for (const tape of this.#tapes) this.#run(tape.setup);
    this.#overwritten = false;
    const sources = source ? this.#sources(source, batch) : null;
    if (sources) this.#streams.reset();
    let counted = 0;
    let countFrom = steps;
    for (let i = 0; i < y.length; i++)
      if (y[i] >= 0) {
        counted++;
        countFrom = Math.min(countFrom, i % length);
      }
    let row = 0;
    for (const tape of this.#tapes) {
      for (const [index, at] of tape.tokens.entries())
        enter(integers, at, x, row, tape.rows, length, 0, steps, tape.tokens.length, index);
      enter(integers, tape.targets, y, row, tape.rows, length, 0, steps);
      floats[tape.scale] = counted > 0 ? 1 / counted : 0;
      integers[tape.seed] = seed + this.#steps;
      floats[tape.dropoutRate] = dropout * (update.dropoutShare ?? 1);
      integers.set(this.#streams.fresh.subarray(row, row + tape.rows), tape.fresh);
      if (sources) enterSources(integers, tape, sources, row);
      row += tape.rows;
    }
    this.#streams.begin(floats);
    const { carry, learningRate, clip, l1, l2 } = update;
    const { loss, norm } = this.#team.step({
      steps,
      countFrom,
      positions: sources?.computed ?? 0,
      carry,
      learningRate,
      clip,
      l1,
      l2,
      update: this.#updates + 1,
    });
    this.#steps++;
    if (Number.isFinite(norm)) this.#updates++;
    this.#streams.carryOn();
    return { loss: loss / counted, gradientNorm: norm };
  }

  advance(x: Int32Array): void {
    const { batch } = this.shape;
    const length = x.length / batch / tokensOfStep(this.#architecture);
    const reading = this.#readingFor(batch, this.#streams.at, { length, positions: 0 });
    this.#streams.begin(this.#views().floats);
    this.#read(reading, { x, y: null, rows: batch, source: null, fresh: this.#streams.fresh });
    this.#streams.carryOn();
  }

  evaluate(x: Int32Array, y: Int32Array, rows: number, source?: Int32Array): number {
    const { batch, steps, positions = 0 } = this.shape;
    const sources = source ? this.#sources(source, rows) : null;
    const extent = { length: y.length / rows, positions: sources?.computed ?? 0 };
    const fits =
      rows === batch && (!this.#whole || (extent.length <= steps && extent.positions <= positions));
    const reading = fits ? this.#together : this.#readingFor(rows, null, extent);
    this.#beginReading(reading, rows);
    const sum = this.#read(reading, { x, y, rows, source: sources, fresh: null });
    return sum / y.reduce((counted, token) => counted + (token >= 0 ? 1 : 0), 0);
  }

  logits(...asked: Parameters<TrainableNetwork['logits']>): void {
    for (const _ of this.logitsBySegment(...asked));
  }

  *logitsBySegment(
    x: Int32Array,
    y: Int32Array,
    rows: number,
    visit: (index: number, logits: Float32Array) => void,
    source?: Int32Array,
  ): Generator<void> {
    const { batch } = this.shape;
    const sources = source ? this.#sources(source, rows) : null;
    this.#logits ??= compileForward(this.#architecture, { dropout: false, batch, losses: false });
    const length = y.length / rows;
    const extent = { length, positions: sources?.computed ?? 0 };
    const reading = this.#readingFor(rows, null, extent, this.#logits);
    this.#beginReading(reading, rows);
    const { at, step, stride } = reading.tapes[0].locate(this.#logits.logits);
    const { width } = this.#logits.logits;
    yield* this.#segments(reading, { x, y: null, rows, source: sources, fresh: null }, (from, steps) => {
      const { floats } = this.#views();
      for (let row = 0; row < rows; row++)
        for (let t = 0; t < steps; t++) {
          const index = row * length + from + t;
          const start = at + t * step + row * stride;
          if (y[index] >= 0) visit(index, floats.subarray(start, start + width));
        }
    });
  }

  #sources(tokens: Int32Array, rows: number): Sources {
    const positions = tokens.length / rows / tokensOfStep(this.#architecture.encoder!);
    return {
      tokens,
      positions,
      computed: Math.max(
        positions,
        Math.min(this.shape.positions!, longestLag(this.#training.states, 'position')),
      ),
    };
  }

  /** Reads rows of tokens. @returns the sum of the losses */
  #read(reading: Reading, rows: ReadRows): number {
    const segments = this.#segments(reading, rows, () => {});
    for (;;) {
      const { done, value } = segments.next();
      if (done) return value;
    }
  }

  /** Reads rows of tokens, and yields after each segment. @returns the sum of the losses */
  #segments(
    reading: Reading,
    rows: ReadRows,
    after: (from: number, steps: number) => void,
  ): Generator<void, number> {
    for (const { setup } of reading.tapes) this.#run(setup);
    this.#overwritten = true;
    const segment = this.#whole ? rows.x.length / rows.rows / tokensOfStep(this.#architecture) : segmentSteps;
    return readRows(reading, this.#views().integers, rows, segment, after);
  }

  /**
   * Returns tapes that read without learning.
   * @param carry null for states of their own
   * @param extent the numbers of steps of a row and of positions of a source
   */
  #readingFor(
    rows: number,
    carry: number | null,
    extent: { readonly length: number; readonly positions: number },
    compiled = this.#losses,
  ): Reading {
    // Rows of similar lengths share a tape, because each length would take memory of its own.
    const rounded = (length: number) => (length > 0 ? 2 ** Math.ceil(Math.log2(length)) : 0);
    const steps = this.#whole ? rounded(extent.length) : segmentSteps;
    const positions = rounded(extent.positions);
    const key = `${rows} ${carry} ${steps} ${positions} ${compiled.losses ? 'losses' : 'logits'}`;
    const known = this.#readings.get(key);
    if (known) return known;
    const own = carry ?? this.#tapesStart;
    const start = carry === null ? aligned(own + carrySize(compiled.graph.states, rows)) : this.#tapesStart;
    const { reading, end } = planReading(
      compiled,
      { rows, steps, positions, layout: this.#layout, start, carry: own, tables: this.#tables },
      this.#kernels,
    );
    const missing = end * 4 - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / 4 / pageWords));
    this.#readings.set(key, reading);
    return reading;
  }

  /** The tapes that read all rows of the batch, on all threads. */
  get #together(): Reading {
    return {
      tapes: this.#readingTapes,
      run: (steps, _, positions) => this.#team.read(steps, positions),
      carry: this.#evaluationCarry,
    };
  }

  weights(): Weights {
    return readWeights(this.#views().floats, this.#layout, this.#shapes);
  }

  /** Returns the gradients of the last step, by parameter, before clipping; tests and the panel use them. */
  gradients(): Weights {
    return this.#besides(this.#setup.parts[0].gradients);
  }

  optimizer(): OptimizerState {
    return {
      steps: this.#steps,
      updates: this.#updates,
      moments: this.#setup.moments.map((moment) => this.#besides(moment)),
    };
  }

  /** Reads gradients or moments from the word `at` on, which have the layout of the trained parameters. */
  #besides(at: number): Weights {
    const { start, trained, locations } = this.#layout;
    const shapes = [...this.#shapes].filter(([name]) => locations.get(name)!.at < start + trained);
    return readWeights(this.#views().floats, this.#layout, new Map(shapes), at - start);
  }

  states(): Weights | null {
    return this.#streams.read(this.#views().floats);
  }

  loadStates(states: Weights | null): boolean {
    return this.#streams.write(this.#views().floats, states);
  }

  load(weights: Weights, optimizer?: OptimizerState): void {
    const { floats } = this.#views();
    const { start, trained } = this.#layout;
    writeWeights(floats, this.#layout, weights);
    for (const [index, moment] of this.#setup.moments.entries()) {
      floats.fill(0, moment, moment + trained);
      if (optimizer) writeWeights(floats, this.#layout, optimizer.moments[index], moment - start);
    }
    this.#updates = optimizer?.updates ?? 0;
    this.#steps = optimizer?.steps ?? this.#steps;
    this.#run([...this.#layout.probabilities, ...this.#layout.packs]);
  }

  aside<T>(work: () => T): T {
    const { start, size, end, probabilities, packs } = this.#layout;
    const kept = this.#views().floats.slice(start, start + size);
    // Moments and states stand behind the packed copies of the parameters, which are made again.
    const keptBehind = this.#views().floats.slice(end, this.#streams.end);
    const [fresh, steps, updates] = [this.#streams.fresh.slice(), this.#steps, this.#updates];
    try {
      return work();
    } finally {
      this.#views().floats.set(kept, start);
      this.#views().floats.set(keptBehind, end);
      this.#run([...probabilities, ...packs]);
      this.#streams.fresh.set(fresh);
      [this.#steps, this.#updates] = [steps, updates];
    }
  }

  dispose(): void {
    this.#team.dispose();
  }

  #beginReading({ carry }: Reading, rows: number): void {
    writeInitialStates(this.#views().floats, this.#losses.graph.states, this.#layout, carry, rows);
  }

  #run(instructions: Layout['packs']): void {
    for (const instruction of instructions) bind(instruction, this.#kernels)(0);
  }

  /** Returns views of the memory, which are valid until it grows. */
  #views(): Views {
    const { buffer } = this.#memory;
    if (this.#viewed.floats.buffer !== buffer) this.#viewed = views(buffer);
    return this.#viewed;
  }
}
