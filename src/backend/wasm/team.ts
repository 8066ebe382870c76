// One training step, or a stretch of text that is only read, by several threads. The batch is split into parts, one
// a thread, each with its own tapes and gradients; of a training step, each thread then sums and updates its own share
// of the parameters. What a part computes does not depend on who computes it: until the threads are up, and where
// there are none, the caller does all parts, and the result is the same bit for bit.
import type { Optimizer } from '../../language/options.ts';
import type { Kernels } from '../../tape/kernels.ts';
import { bind, type Instruction, type Program, Runner } from '../../tape/program.ts';
import { instantiate, type Tile } from './module.ts';

/** Everything that a thread has to know: plain data, a module and a memory. */
export interface TeamSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly tile: Tile;
  readonly parts: readonly Part[];
  readonly steps: number;
  readonly optimizer: Optimizer;
  /** First words: parameters, gradients of the first part, moments of the optimiser. */
  readonly parameters: number;
  readonly moments: readonly number[];
  /** How many parameters are trained. */
  readonly trained: number;
  /** Make the packed copies of the matrices. */
  readonly packs: readonly Instruction[];
  /** First word of the control block: see `Control`. */
  readonly control: number;
}

export interface Part {
  readonly program: Program;
  /** First word of its gradients. */
  readonly gradients: number;
  /** Its losses, one a row of each step. */
  readonly losses: number;
  readonly rows: number;
  /** The same rows without learning; its losses are one a row of each step too. */
  readonly reading: { readonly program: Program; readonly losses: number };
}

/** How the host starts a thread; null where it cannot. The thread calls `work` with what it is sent. */
export type Spawn = (setup: TeamSetup, part: number) => Thread;

export interface Thread {
  /** At once, wherever it waits. */
  stop(): void;
}

/** What the caller says about a step. */
export interface Orders {
  /** So many steps are only read; 0 is a step of training. */
  readonly read: number;
  readonly fresh: boolean;
  /** The first step that counts. */
  readonly countFrom: number;
  readonly carry: number;
  readonly learningRate: number;
  readonly clip: number;
  readonly l1: number;
  readonly l2: number;
  /** Updates so far, with this one: for Adam's correction. */
  readonly update: number;
}

/** Whole numbers, then numbers of 64 bit: orders, and what each part found. */
const integers = { generation: 0, arrived: 1, phase: 2, ready: 3 } as const;
const orderNames = [
  'read',
  'fresh',
  'countFrom',
  'carry',
  'learningRate',
  'clip',
  'l1',
  'l2',
  'update',
] as const;
const integerWords = 16;
const orderWords = 32;
/** Two results a part, a cache line each. */
const resultWords = 16;

export const controlSize = (parts: number): number => integerWords + orderWords + parts * resultWords;

class Control {
  readonly #setup: TeamSetup;
  #views: ControlViews;

  constructor(setup: TeamSetup) {
    this.#setup = setup;
    this.#views = controlViews(setup);
  }

  /** A memory that is not shared leaves its views empty when it grows. */
  get #current(): ControlViews {
    if (this.#views.integers.buffer !== this.#setup.memory.buffer) this.#views = controlViews(this.#setup);
    return this.#views;
  }

  get integers(): Int32Array {
    return this.#current.integers;
  }

  order(orders: Orders): void {
    for (const [index, name] of orderNames.entries()) this.#current.orders[index] = Number(orders[name]);
  }

  get orders(): Orders {
    const [read, fresh, countFrom, carry, learningRate, clip, l1, l2, update] = this.#current.orders;
    return { read, fresh: fresh === 1, countFrom, carry, learningRate, clip, l1, l2, update };
  }

  /** @param index 0: sum of losses, 1: sum of squares of the gradients */
  report(part: number, index: 0 | 1, value: number): void {
    this.#current.results[(part * resultWords) / 2 + index] = value;
  }

  total(parts: number, index: 0 | 1): number {
    let sum = 0;
    for (let part = 0; part < parts; part++) sum += this.#current.results[(part * resultWords) / 2 + index];
    return sum;
  }
}

/** What only a step of training is told. */
const readingOrders: Omit<Orders, 'read'> = {
  fresh: false,
  countFrom: 0,
  carry: 0,
  learningRate: 0,
  clip: 0,
  l1: 0,
  l2: 0,
  update: 0,
};

interface ControlViews {
  readonly integers: Int32Array;
  readonly orders: Float64Array;
  readonly results: Float64Array;
}

const controlViews = ({ memory, control, parts }: TeamSetup): ControlViews => ({
  integers: new Int32Array(memory.buffer, control * 4, integerWords),
  orders: new Float64Array(memory.buffer, (control + integerWords) * 4, orderWords / 2),
  results: new Float64Array(
    memory.buffer,
    (control + integerWords + orderWords) * 4,
    (parts.length * resultWords) / 2,
  ),
});

type Phase = (part: number, orders: Orders) => void;

/** What one thread can do: any phase of any part. */
class Member {
  readonly #setup: TeamSetup;
  readonly #control: Control;
  readonly #kernels: Kernels;
  readonly #runners: ReadonlyMap<number, Runner>;
  readonly #readers: ReadonlyMap<number, Runner>;
  readonly #packs: readonly (() => void)[][];

  /** @param parts the parts that it will work on */
  constructor(setup: TeamSetup, parts: readonly number[], kernels: Kernels) {
    this.#setup = setup;
    this.#control = new Control(setup);
    this.#kernels = kernels;
    const runners = (program: (part: Part) => Program) =>
      new Map(parts.map((part) => [part, new Runner(program(setup.parts[part]), kernels)]));
    this.#runners = runners((part) => part.program);
    this.#readers = runners((part) => part.reading.program);
    const calls = setup.packs.map((pack) => {
      const call = bind(pack, kernels, 1);
      return () => call(0);
    });
    this.#packs = setup.parts.map((_, part) =>
      calls.filter((_, index) => index % setup.parts.length === part),
    );
  }

  /** The numbers of a part's share of the trained parameters, counted from the first. */
  #share(part: number): { from: number; count: number } {
    const { trained, parts } = this.#setup;
    const each = Math.ceil(trained / parts.length / 16) * 16;
    const from = Math.min(trained, part * each);
    return { from, count: Math.min(trained, from + each) - from };
  }

  /** All do the first on their parts before any does the second. */
  phases({ read }: Orders): readonly Phase[] {
    return read > 0 ? this.#reading : this.#training;
  }

  readonly #reading: readonly Phase[] = [
    (part, { read }) => {
      const { rows, reading } = this.#setup.parts[part];
      const runner = this.#readers.get(part)!;
      runner.run(read, false);
      runner.save(read);
      this.#control.report(part, 0, this.#kernels.sum(reading.losses, rows * read));
    },
  ];

  readonly #training: readonly Phase[] = [
    (part, { fresh, countFrom, carry }) => {
      const { steps, parts } = this.#setup;
      const { losses, rows } = parts[part];
      const runner = this.#runners.get(part)!;
      runner.run(steps, fresh, countFrom);
      runner.save(carry);
      const counted = this.#kernels.sum(losses + rows * countFrom, rows * (steps - countFrom));
      this.#control.report(part, 0, counted);
    },
    (part, { l1, l2 }) => {
      const { parts, parameters } = this.#setup;
      const { from, count } = this.#share(part);
      const sum = parts[0].gradients + from;
      for (const { gradients } of parts.slice(1))
        this.#kernels.add(sum, count, sum, count, gradients + from, count, 1, count);
      if (l1 > 0 || l2 > 0) this.#kernels.penalise(sum, parameters + from, count, l1, l2);
      this.#control.report(part, 1, this.#kernels.sumOfSquares(sum, count));
    },
    (part, orders) => {
      const norm = this.norm;
      if (!Number.isFinite(norm)) return;
      this.#update(part, norm > orders.clip ? orders.clip / norm : 1, orders);
    },
    (part) => {
      for (const pack of this.#packs[part]) pack();
    },
  ];

  get norm(): number {
    return Math.sqrt(this.#control.total(this.#setup.parts.length, 1));
  }

  get loss(): number {
    return this.#control.total(this.#setup.parts.length, 0);
  }

  #update(part: number, scale: number, { learningRate, update }: Orders): void {
    const { optimizer, parameters, moments, parts } = this.#setup;
    const { from, count } = this.#share(part);
    const p = parameters + from;
    const g = parts[0].gradients + from;
    const [first, second] = moments.map((moment) => moment + from);
    const kernels = this.#kernels;
    switch (optimizer.kind) {
      case 'sgd':
        kernels.sgd(p, g, count, learningRate, scale);
        break;
      case 'momentum':
      case 'nesterov':
        kernels.momentum(
          p,
          g,
          first,
          count,
          learningRate,
          scale,
          optimizer.momentum,
          optimizer.kind === 'nesterov',
        );
        break;
      case 'rmsprop':
        kernels.rmsprop(p, g, first, count, learningRate, scale, optimizer.rho, optimizer.epsilon);
        break;
      case 'adam':
      case 'adamw': {
        const { kind, beta1, beta2, epsilon, weightDecay } = optimizer;
        kernels.adam(
          p,
          g,
          first,
          second,
          count,
          learningRate,
          scale,
          beta1,
          beta2,
          epsilon,
          1 - beta1 ** update,
          1 - beta2 ** update,
          kind === 'adamw' ? 1 - learningRate * weightDecay : 1,
        );
        break;
      }
    }
  }
}

/** How many moments an optimiser keeps of each parameter. */
export const momentCount: Readonly<Record<Optimizer['kind'], number>> = {
  sgd: 0,
  momentum: 1,
  nesterov: 1,
  rmsprop: 1,
  adam: 2,
  adamw: 2,
};

/** Turns of a loop before a thread goes to sleep: the parts end at nearly the same time. */
const spins = 2000;

function waitWhile(words: Int32Array, index: number, value: number): void {
  for (let i = 0; i < spins; i++) if (Atomics.load(words, index) !== value) return;
  while (Atomics.load(words, index) === value) Atomics.wait(words, index, value);
}

/** Nobody goes on before all are here. */
function meet(words: Int32Array, count: number): void {
  const phase = Atomics.load(words, integers.phase);
  if (Atomics.add(words, integers.arrived, 1) + 1 < count) {
    waitWhile(words, integers.phase, phase);
    return;
  }
  Atomics.store(words, integers.arrived, 0);
  Atomics.add(words, integers.phase, 1);
  Atomics.notify(words, integers.phase);
}

function stepTogether(member: Member, part: number, control: Control, parts: number): void {
  const { orders } = control;
  for (const phase of member.phases(orders)) {
    phase(part, orders);
    meet(control.integers, parts);
  }
}

/** A thread's life: step after step, until its host ends it. */
export function work(setup: TeamSetup, part: number): never {
  const control = new Control(setup);
  const member = new Member(setup, [part], instantiate(setup.module, setup.memory, setup.tile, part));
  let generation = Atomics.load(control.integers, integers.generation);
  Atomics.add(control.integers, integers.ready, 1);
  Atomics.notify(control.integers, integers.ready);
  while (true) {
    waitWhile(control.integers, integers.generation, generation);
    generation++;
    stepTogether(member, part, control, setup.parts.length);
  }
}

/** The caller's side. */
export class Team {
  readonly #setup: TeamSetup;
  readonly #control: Control;
  readonly #member: Member;
  readonly #threads: readonly Thread[];
  #together = false;

  constructor(setup: TeamSetup, kernels: Kernels, spawn: Spawn | null) {
    this.#setup = setup;
    this.#control = new Control(setup);
    this.#member = new Member(
      setup,
      setup.parts.map((_, part) => part),
      kernels,
    );
    this.#threads = spawn ? setup.parts.slice(1).map((_, index) => spawn(setup, index + 1)) : [];
  }

  /** @returns the sum of all losses, and the global norm of the gradients before clipping */
  step(orders: Omit<Orders, 'read'>): { loss: number; norm: number } {
    this.#work({ ...orders, read: 0 });
    return { loss: this.#member.loss, norm: this.#member.norm };
  }

  /** @returns the sum of all losses */
  read(steps: number): number {
    this.#work({ ...readingOrders, read: steps });
    return this.#member.loss;
  }

  #work(orders: Orders): void {
    const { integers: words } = this.#control;
    const { parts } = this.#setup;
    this.#control.order(orders);
    // A thread that becomes ready during a step must not see its order: it joins from the next one on.
    this.#together ||= parts.length > 1 && Atomics.load(words, integers.ready) === parts.length - 1;
    if (this.#together) {
      Atomics.add(words, integers.generation, 1);
      Atomics.notify(words, integers.generation);
      stepTogether(this.#member, 0, this.#control, parts.length);
    } else
      for (const phase of this.#member.phases(orders)) for (const part of parts.keys()) phase(part, orders);
  }

  dispose(): void {
    for (const thread of this.#threads) thread.stop();
  }
}
