// One training step, or a stretch of text that is only read, by several threads. The batch is split into parts, one
// a thread, each with its own tapes and gradients; of a training step, each thread then sums and updates its own share
// of the parameters. What a part computes does not depend on who computes it: until the threads are up, and where
// there are none, the caller does all parts, and the result is the same bit for bit.
import type { Kernels } from '../../tape/kernels.ts';
import { Control, integers, type Orders } from './control.ts';
import { instantiate } from './module.ts';
import type { Spawn, TeamSetup, Thread } from './setup.ts';
import { TeamMember } from './teamMember.ts';

/** What only a step of training is told. */
const readingOrders: Omit<Orders, 'read'> = {
  countFrom: 0,
  carry: 0,
  learningRate: 0,
  clip: 0,
  l1: 0,
  l2: 0,
  update: 0,
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

function stepTogether(member: TeamMember, part: number, control: Control, parts: number): void {
  const { orders } = control;
  for (const phase of member.phases(orders)) {
    phase(part, orders);
    meet(control.integers, parts);
  }
}

/** A thread's life: step after step, until its host ends it. */
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

/** The caller's side. */
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
