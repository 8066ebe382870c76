// Reads rows without learning, in segments of steps.
import type { Compiled } from '../../tape/compile.ts';
import type { Kernels } from '../../tape/planning/kernels.ts';
import { type Plan, type PlanOptions, plan } from '../../tape/planning/plan.ts';
import { Runner } from '../../tape/planning/program.ts';
import { enterSources, type Sources } from '../../tape/planning/sources.ts';
import { enter } from './views.ts';

/** A group of tapes that read without learning, with states of their own or those of the training. */
export interface Reading {
  /** The tapes, each of which has the rows after those of the previous one. */
  readonly tapes: readonly Plan[];
  /**
   * Reads `steps` steps, with sources of `positions`.
   * @returns the sum of the losses of the steps from `countFrom` on; 0 without losses
   */
  readonly run: (steps: number, countFrom: number, positions: number) => number;
  readonly carry: number;
}

/** Rows of tokens, [rows × n × tokens of a step], and their targets, [rows × n]; without targets nothing is counted. */
export interface ReadRows {
  readonly x: Int32Array;
  readonly y: Int32Array | null;
  readonly rows: number;
  /** The sources, where there is an encoder. */
  readonly source: Sources | null;
  /** 0 for each row that begins at h[0], otherwise -1; null where all rows do. */
  readonly fresh: Int32Array | null;
}

/**
 * Plans a tape that reads without learning.
 * @param options where the tape and its states are, and the largest number of steps that it reads at a time
 * @returns the reading, and the first word after its memory
 */
export function planReading(
  { graph, losses }: Compiled,
  options: Pick<PlanOptions, 'rows' | 'steps' | 'positions' | 'layout' | 'start' | 'carry' | 'tables'>,
  kernels: Kernels,
): { reading: Reading; end: number } {
  const { rows, carry } = options;
  const tape = plan(graph, { ...options, firstRow: 0, batch: rows, gradients: 0 });
  const runner = new Runner(tape.program, kernels);
  const run = (steps: number, countFrom: number, positions: number) => {
    runner.run(steps, countFrom, positions);
    runner.save(steps);
    if (!losses) return 0;
    return kernels.sum(tape.locate(losses).at + rows * countFrom, rows * (steps - countFrom));
  };
  return { reading: { tapes: [tape], run, carry }, end: tape.end };
}

/**
 * Reads rows of tokens, and yields after each segment.
 * @param integers the memory of the tapes as whole numbers
 * @param segment the number of steps that are read at a time
 * @param after is called after each segment, with its first step and its number of steps
 * @returns the sum of the losses
 */
export function* readRows(
  { tapes, run }: Reading,
  integers: Int32Array,
  { x, y, rows, source, fresh }: ReadRows,
  segment: number,
  after: (from: number, steps: number) => void,
): Generator<void, number> {
  const each = tapes[0].tokens.length;
  const length = x.length / rows / each;
  let sum = 0;
  for (let from = 0; from < length; from += segment) {
    const steps = Math.min(segment, length - from);
    let row = 0;
    for (const tape of tapes) {
      for (const [index, at] of tape.tokens.entries())
        enter(integers, at, x, row, tape.rows, length, from, steps, each, index);
      if (y) enter(integers, tape.targets, y, row, tape.rows, length, from, steps);
      if (source) enterSources(integers, tape, source, row);
      integers.fill(from === 0 ? 0 : -1, tape.fresh, tape.fresh + tape.rows);
      if (from === 0 && fresh) integers.set(fresh.subarray(row, row + tape.rows), tape.fresh);
      row += tape.rows;
    }
    sum += run(steps, y ? 0 : steps, source?.computed ?? 0);
    after(from, steps);
    yield;
  }
  return sum;
}
