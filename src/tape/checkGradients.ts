// Gradients against central differences, in 64 bit: the proof that a cell's backward pass is its derivative.
import type { CheckedCell } from '../language/cell.ts';
import type { Architecture } from './architecture.ts';
import { carrySize } from './carry.ts';
import { compileTraining } from './compile.ts';
import { layOut } from './layout.ts';
import { initialWeights, parameters } from './parameters.ts';
import { plan } from './plan.ts';
import { bind, Runner } from './program.ts';
import { random } from './random.ts';
import { scalarKernels } from './scalar.ts';
import { writeInitialStates, writeWeights } from './weights.ts';

/** Up to this relative error, gradients in 64 bit are right: differences are not more exact. */
export const tolerance = 1e-5;

/** Two small layers, so that the cell reads symbols in one and vectors in the other, and hands both on. */
export const smallNetwork = (cell: CheckedCell): Architecture => ({
  inputs: 5,
  outputs: 5,
  embedding: 0,
  layers: [4, 3].map((hidden) => ({ cell, hidden })),
  tied: false,
  head: { kind: 'every step' },
});

export interface GradientCheck {
  /** The largest difference of any parameter, relative to the largest gradient of that parameter. */
  readonly worst: number;
  readonly perParameter: ReadonlyMap<string, number>;
}

export interface CheckOptions {
  readonly batch?: number;
  readonly steps?: number;
  readonly seed?: number;
  readonly dropout?: number;
  /** Of the differences. */
  readonly width?: number;
}

export function checkGradients(
  architecture: Architecture,
  { batch = 2, steps = 4, seed = 1, dropout = 0, width = 1e-5 }: CheckOptions = {},
): GradientCheck {
  const { graph, losses } = compileTraining(architecture, { dropout, batch });
  const described = parameters(architecture);
  const layout = layOut(described, [graph], 0);
  const gradients = layout.end;
  const carry = gradients + layout.trained;
  const start = carry + carrySize(graph.states, batch);
  const tape = plan(graph, {
    rows: batch,
    firstRow: 0,
    batch,
    steps,
    layout,
    start,
    carry,
    gradients,
  });
  const memory = new Float64Array(tape.end);
  const kernels = scalarKernels(memory);
  const runner = new Runner(tape.program, kernels);
  writeWeights(memory, layout, initialWeights(architecture, seed));
  const next = random(seed);
  // Away from where initialisers leave zeros, so that every path counts.
  for (let i = 0; i < layout.size; i++) memory[i] += (next() - 0.5) * 0.5;
  for (let i = 0; i < batch * steps; i++) {
    memory[tape.tokens + i] = Math.floor(next() * architecture.inputs);
    memory[tape.targets + i] = i % 5 === 4 ? -1 : Math.floor(next() * architecture.outputs);
  }
  memory[tape.scale] = 1;
  memory[tape.seed] = seed;
  const loss = (): number => {
    for (const instruction of [...tape.setup, ...layout.packs]) bind(instruction, kernels, steps)(0);
    writeInitialStates(memory, graph.states, layout, carry, batch);
    runner.run(steps, true);
    return kernels.sum(tape.place(losses!).at, batch * steps);
  };
  loss();
  const analytic = memory.slice(gradients, gradients + layout.trained);

  const perParameter = new Map<string, number>();
  for (const { name, trained } of described) {
    if (!trained) continue;
    const { at, rows, columns, rowStride, columnStride } = layout.places.get(name)!;
    let difference = 0;
    let largest = 1e-6;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const i = at + row * rowStride + column * columnStride;
        const value = memory[i];
        memory[i] = value + width;
        const above = loss();
        memory[i] = value - width;
        const below = loss();
        memory[i] = value;
        const numeric = (above - below) / (2 * width);
        difference = Math.max(difference, Math.abs(numeric - analytic[i]));
        largest = Math.max(largest, Math.abs(numeric), Math.abs(analytic[i]));
      }
    perParameter.set(name, difference / largest);
  }
  return { worst: Math.max(0, ...perParameter.values()), perParameter };
}
