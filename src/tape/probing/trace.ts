// Traces a cell on its own over a string of symbols: every vector at every step.

import type { CheckedCell } from '../../language/cell.ts';
import { multiply, runCell, softmax, type Vector } from '../../language/values.ts';
import { type Widths, widthOf } from '../../language/widths.ts';
import { initialise } from '../initialise.ts';
import { random } from '../random.ts';

/** The number of positions of what an encoder is supposed to have written. */
const tracedPositions = 3;

/** The input of a trace, and the size of the cell. */
export interface TraceRequest {
  /** The symbols, one for each step; each is read as a one-hot vector over those that occur. */
  readonly symbols: string;
  readonly hidden: number;
  /** The seed of the initial parameters. */
  readonly seed: number;
}

/**
 * Returns how many units show what a cell does: without parameters and initial states of their own, all units
 * do the same.
 */
export const tellingUnits = ({ parameters, equations }: CheckedCell): number =>
  parameters.length > 0 || equations.some(({ initial }) => initial.first !== null) ? 4 : 1;

/** The values of a cell's vectors. */
export interface Trace {
  readonly widths: Widths;
  /** The symbols that occur, in order: symbol `alphabet[i]` is one-hot at i. */
  readonly alphabet: readonly string[];
  /**
   * The values of each vector by name: the initial state at t = 0, then one for each symbol. Those of a vector that
   * has positions stand side by side.
   */
  readonly values: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/**
 * Runs the cell. Where it reads the network's output, that is softmax of a Glorot matrix times the cell's; what it is
 * given, and an encoder's three positions, are drawn from ±1.
 */
export function trace(cell: CheckedCell, { symbols, hidden, seed }: TraceRequest): Trace {
  const steps = [...symbols];
  const alphabet = [...new Set(steps)].sort();
  const symbolsWidth = Math.max(1, alphabet.length);
  const widths: Widths = {
    x: symbolsWidth,
    h: hidden,
    y: symbolsWidth,
    ...((cell.readsGiven || cell.readsPositions) && { m: hidden }),
  };
  const next = random(seed);
  const parameters = new Map(
    cell.parameters.map(({ name, rows, columns, initialiser }) => {
      const shape = [widthOf(rows, widths), widthOf(columns, widths)];
      return [name, Float64Array.from(initialise(initialiser, shape, next))];
    }),
  );
  const output = widthOf(cell.equations.find(({ name }) => name === cell.output)!.width, widths);
  const V = Float64Array.from(initialise({ kind: 'glorot' }, [widths.y, output], next));
  const draw = () => Float64Array.from({ length: hidden }, () => 2 * next() - 1);
  const positions = Array.from({ length: tracedPositions }, draw);
  const given = draw();
  const values = runCell({
    cell,
    widths,
    parameters,
    inputs: steps.map((symbol) => oneHot(alphabet.indexOf(symbol), widths.x)),
    readout: (h) => softmax(multiply(V, h)),
    given,
    positions,
  });
  values.delete('x');
  for (const { name, index, width } of cell.equations) {
    const all = values.get(name)!;
    if (index === 's') values.delete(name);
    // The values of a step at all positions stand side by side; there are none before the first step.
    if (index === 't,s') {
      const units = tracedPositions * widthOf(width, widths);
      const flat = all.flatMap((value) => [...value]);
      values.set(
        name,
        Array.from({ length: steps.length + 1 }, (_, t) =>
          t === 0 ? new Float64Array(units) : Float64Array.from(flat.slice((t - 1) * units, t * units)),
        ),
      );
    }
  }
  return {
    widths,
    alphabet,
    values: Object.fromEntries([...values].map(([name, vectors]) => [name, vectors.map((v) => [...v])])),
  };
}

const oneHot = (index: number, width: number): Vector =>
  Float64Array.from({ length: width }, (_, i) => (i === index ? 1 : 0));
