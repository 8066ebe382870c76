// Runs a training step, or reads text without learning, on several threads. The batch is split into parts,
// one for each thread, each with its own tapes and gradients; in a training step, each thread then sums and
// updates its own share of the parameters. A part's result does not depend on the thread that computes it:
// until the threads have started, and where there are none, the caller computes all parts, and the result is
// the same bit for bit.
import type { Kernels } from '../../tape/planning/kernels.ts';
import { Control, integers, type Orders } from './control.ts';
import { instantiate } from './module.ts';
import type { Spawn, TeamSetup, Thread } from './setup.ts';
import { TeamMember } from './teamMember.ts';

/** The orders that only a step of training needs, with neutral values for reading. */
const readingOrders: Omit<Orders, 'read' | 'positions'> = {
  steps: 0,
  countFrom: 0,
  carry: 0,
  learningRate: 0,
  clip: 0,
  l1: 0,
  l2: 0,
  update: 0,
};

/**
 * The number of loops that a thread spins before it sleeps, because the parts end at nearly the same time.
 */
const spins = 2000;

function waitWhile(words: Int32Array, index: number, value: number): void {
  for (let i = 0; i < spins; i++) if (Atomics.load(words, index) !== value) return;
  while (Atomics.load(words, index) === value) Atomics.wait(words, index, value);
}

/** Waits at a barrier until all threads have arrived. */
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

function stepTogether(member: TeamMember, part: number, control: Control, parts: number): void {
  const { orders } = control;
  for (const phase of member.phases(orders)) {
    phase(part, orders);
    meet(control.integers, parts);
  }
}

/** Runs a thread, step after step, until its host stops it. */
export function work(setup: TeamSetup, part: number): never {
  const control = new Control(setup);
  const member = new TeamMember(setup, [part], instantiate(setup.module, setup.memory, setup.tile, part));
  let generation = Atomics.load(control.integers, integers.generation);
  Atomics.add(control.integers, integers.ready, 1);
  Atomics.notify(control.integers, integers.ready);
  while (true) {
    waitWhile(control.integers, integers.generation, generation);
    generation++;
    stepTogether(member, part, control, setup.parts.length);
  }
}

/** The caller's side of a team, which gives orders and computes the first part itself. */
export class Team {
  readonly #setup: TeamSetup;
  readonly #control: Control;
  readonly #member: TeamMember;
  readonly #threads: readonly Thread[];
  #together = false;

  constructor(setup: TeamSetup, kernels: Kernels, spawn: Spawn | null) {
    this.#setup = setup;
    this.#control = new Control(setup);
    this.#member = new TeamMember(
      setup,
      setup.parts.map((_, part) => part),
      kernels,
    );
    this.#threads = spawn ? setup.parts.slice(1).map((_, index) => spawn(setup, index + 1)) : [];
  }

  /** Runs a training step. @returns the sum of all losses, and the gradients' global norm before clipping */
  step(orders: Omit<Orders, 'read'>): { loss: number; norm: number } {
    this.#work({ ...orders, read: 0 });
    return { loss: this.#member.loss, norm: this.#member.norm };
  }

  /** Reads `steps` steps without learning. @returns the sum of all losses */
  read(steps: number, positions: number): number {
    this.#work({ ...readingOrders, read: steps, positions });
    return this.#member.loss;
  }

  #work(orders: Orders): void {
    const { integers: words } = this.#control;
    const { parts } = this.#setup;
    this.#control.order(orders);
    // A thread that becomes ready during a step must not see that step's order, so it joins at the next one.
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
