// A slow reference for the operation: the cell's equations in 64 bits and plain loops, and differences for
// gradients.
import * as tf from '@tensorflow/tfjs';
import { runCell } from '../../src/language/values.ts';
import type { Cell, CellShape } from '../../src/library/cells.ts';
import { Problem } from '../../src/protocol/problem.ts';
import { random } from '../../src/tape/random.ts';
import { readLastCell } from '../../src/training/readOptions.ts';

/** A cell and how it is called, as JSON. */
export interface OperationCall {
  readonly cell: string;
  /** The mask by row and step, repeated as often as needed; null stands for no mask. */
  readonly mask: readonly boolean[] | null;
  readonly batch: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
  readonly seed: number;
}

/** The number of gradients that are compared, which is small because a difference takes two runs. */
const probed = 8;

/** The largest difference allowed between 32 and 64 bits, through a few steps of steep functions. */
const tolerance = 2e-3;

type Numbers = Record<string, Float64Array>;

/** @returns whether the text is a cell. @throws Error where the operation differs from the equations */
export function compareWithEquations(
  make: (text: string, shape: CellShape) => Cell,
  { cell: text, mask, batch, steps, inputs, units, seed }: OperationCall,
): boolean {
  let cell: Cell;
  try {
    cell = make(text, { units, inputs });
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
  const checked = readLastCell(text, 'The text');
  const next = random(seed);
  const some = (length: number) => Float64Array.from({ length }, () => Math.fround(1.6 * next() - 0.8));
  const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const given: Numbers = {
    x: some(batch * steps * inputs),
    ...Object.fromEntries(cell.parameters.map(({ name, shape }) => [name, some(size(shape))])),
  };
  const shown = Array.from({ length: batch * steps }, (_, i) => mask?.[i % mask.length] ?? true);

  /** Returns outputs, and states in the cell's order: [batch × width] of each step or state. */
  const truth = (of: Numbers): { y: number[]; states: number[][] } => {
    const y: number[] = [];
    const states: number[][] = cell.states.map(() => []);
    for (let row = 0; row < batch; row++) {
      const at = Array.from({ length: steps }, (_, t) => row * steps + t);
      const read = at.filter((each) => shown[each]);
      const values = runCell({
        cell: checked,
        widths: { x: inputs, h: units, y: 0 },
        parameters: new Map(Object.entries(of)),
        inputs: read.map((each) => of.x.subarray(each * inputs, (each + 1) * inputs)),
      });
      const isState = cell.states.some(({ name }) => name === `${checked.output}[t-1]`);
      let t = 0;
      for (const each of at) {
        if (shown[each]) t++;
        const output = values.get(checked.output)![t];
        y.push(...(t > 0 || isState ? output : output.map(() => 0)));
      }
      for (const [index, { name }] of cell.states.entries()) {
        const [, vector, lag] = /^(.+)\[t-(\d+)\]$/.exec(name)!;
        states[index].push(...values.get(vector)![Math.max(0, read.length + 1 - Number(lag))]);
      }
    }
    return { y, states };
  };
  const measure = ({ y, states }: ReturnType<typeof truth>): number =>
    [y, ...states].flat().reduce((sum, value, i) => sum + value * Math.sin(i + 1), 0);

  const wanted = truth(given);
  if (!Number.isFinite(measure(wanted))) return true;
  tf.tidy(() => {
    const tensors = {
      x: tf.tensor(Float32Array.from(given.x), [batch, steps, inputs]),
      ...Object.fromEntries(
        cell.parameters.map(({ name, shape }) => [
          name,
          tf.tensor(Float32Array.from(given[name]), [...shape]),
        ]),
      ),
    };
    const names = Object.keys(tensors);
    const maskTensor = mask ? tf.tensor2d(shown.map(Number), [batch, steps], 'bool') : undefined;
    let found: { y: number[]; states: number[][] } | null = null;
    const gradients = tf.grads((...each: tf.Tensor[]) => {
      const [x, ...parameters] = each;
      const { y, states } = cell.apply(
        x as tf.Tensor3D,
        Object.fromEntries(parameters.map((value, i) => [names[i + 1], value])),
        undefined,
        maskTensor,
      );
      const list = [y, ...cell.states.map(({ name }) => states[name])];
      found = { y: [...y.dataSync()], states: list.slice(1).map((state) => [...state.dataSync()]) };
      const flat = tf.concat(list.map((value) => value.flatten()));
      const sum = tf.sum(tf.mul(flat, tf.sin(tf.range(1, flat.size + 1))));
      // TensorFlow.js refuses the gradient of what takes no part.
      return tf.addN([sum, ...each.map((value) => tf.mul(tf.sum(value), 0))]) as tf.Scalar;
    })(names.map((name) => tensors[name as 'x']));

    const { y, states } = found!;
    close('y', y, wanted.y);
    for (const [index, { name }] of cell.states.entries()) close(name, states[index], wanted.states[index]);

    const fixed = new Set(cell.parameters.flatMap(({ name, trained }) => (trained ? [] : [name])));
    for (let probe = 0; probe < probed; probe++) {
      const which = Math.floor(next() * names.length);
      const name = names[which];
      const at = Math.floor(next() * given[name].length);
      if (at >= given[name].length || fixed.has(name)) continue;
      const slope = (width: number) => {
        const moved = (by: number) => {
          const values = given[name].slice();
          values[at] += by;
          return measure(truth({ ...given, [name]: values }));
        };
        return (moved(width) - moved(-width)) / (2 * width);
      };
      const [rough, fine] = [slope(1e-4), slope(1e-6)];
      // A kink has no slope.
      if (Math.abs(rough - fine) > 1e-3 * Math.max(1, Math.abs(fine))) continue;
      const largest = Math.max(1, ...gradients[which].abs().dataSync());
      const error = Math.abs(gradients[which].dataSync()[at] - fine) / largest;
      if (!(error < tolerance)) throw new Error(`The gradient of ${name}, number ${at}, is off by ${error}.`);
    }
  });
  return true;
}

function close(what: string, found: readonly number[], wanted: readonly number[]): void {
  if (found.length !== wanted.length)
    throw new Error(`${what} has ${found.length} numbers, not ${wanted.length}.`);
  const scale = Math.max(1, ...wanted.map(Math.abs));
  const error = Math.max(0, ...found.map((value, i) => Math.abs(value - wanted[i]) / scale));
  if (!(error < tolerance)) throw new Error(`${what} is off by ${error}.`);
}
