// The work of one thread of a team: the phases of a training step, or of reading, on its part of the batch
// and then on its share of the parameters.
import type { Kernels } from '../../tape/planning/kernels.ts';
import { bind, type Instruction, type Program, Runner } from '../../tape/planning/program.ts';
import { momentumAt } from '../momentum.ts';
import { Control, type Orders } from './control.ts';
import type { Part, TeamSetup } from './setup.ts';

export type Phase = (part: number, orders: Orders) => void;

/** Runs the phases of a step for the parts that one thread works on. */
export class TeamMember {
  readonly #setup: TeamSetup;
  readonly #control: Control;
  readonly #kernels: Kernels;
  readonly #runners: ReadonlyMap<number, Runner>;
  readonly #readingRunners: ReadonlyMap<number, Runner>;
  readonly #probabilities: readonly (() => void)[];
  readonly #packs: readonly (() => void)[][];

  /** @param parts the parts that this thread works on */
  constructor(setup: TeamSetup, parts: readonly number[], kernels: Kernels) {
    this.#setup = setup;
    this.#control = new Control(setup);
    this.#kernels = kernels;
    const runners = (program: (part: Part) => Program) =>
      new Map(parts.map((part) => [part, new Runner(program(setup.parts[part]), kernels)]));
    this.#runners = runners((part) => part.program);
    this.#readingRunners = runners((part) => part.reading.program);
    const bound = (instructions: readonly Instruction[]) =>
      instructions.map((instruction) => {
        const call = bind(instruction, kernels);
        return () => call(0);
      });
    this.#probabilities = bound(setup.probabilities);
    const calls = bound(setup.packs);
    this.#packs = setup.parts.map((_, part) =>
      calls.filter((_, index) => index % setup.parts.length === part),
    );
  }

  /** Returns a part's share of the trained parameters: the index of its first number, and their count. */
  #share(part: number): { from: number; count: number } {
    const { trained, parts } = this.#setup;
    const each = Math.ceil(trained / parts.length / 16) * 16;
    const from = Math.min(trained, part * each);
    return { from, count: Math.min(trained, from + each) - from };
  }

  /** Returns the phases of a step; all threads finish a phase on their parts before any begins the next. */
  phases({ read }: Orders): readonly Phase[] {
    if (read > 0) return this.#reading;
    return this.#probabilities.length > 0 ? this.#trainingWithProbabilities : this.#training;
  }

  readonly #reading: readonly Phase[] = [
    (part, { read, positions }) => {
      const { rows, reading } = this.#setup.parts[part];
      const runner = this.#readingRunners.get(part)!;
      runner.run(read, 0, positions);
      runner.save(read);
      this.#control.report(part, 0, this.#kernels.sum(reading.losses, rows * read));
    },
  ];

  readonly #training: readonly Phase[] = [
    (part, { steps, countFrom, positions, carry }) => {
      const { losses, rows } = this.#setup.parts[part];
      const runner = this.#runners.get(part)!;
      runner.run(steps, countFrom, positions);
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

  /** Packed copies are made of the probabilities, which one part makes in a phase of its own before them. */
  readonly #trainingWithProbabilities: readonly Phase[] = [
    ...this.#training.slice(0, -1),
    (part) => {
      if (part === 0) for (const make of this.#probabilities) make();
    },
    ...this.#training.slice(-1),
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
          momentumAt(optimizer, update),
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
