// Compares the work done only for the steps that count with all work done for all steps.
import { describe, expect, test } from 'vitest';
import { cellsWithoutEncoder } from '../../../src/cells/index.ts';
import type { Architecture } from '../../../src/tape/architecture.ts';
import { compileTraining } from '../../../src/tape/compile.ts';
import { initialWeights, parameters } from '../../../src/tape/parameters.ts';
import { carrySize } from '../../../src/tape/planning/carry.ts';
import { counted } from '../../../src/tape/planning/counted.ts';
import { layOutParameters } from '../../../src/tape/planning/layout.ts';
import { plan } from '../../../src/tape/planning/plan.ts';
import { bind, Runner } from '../../../src/tape/planning/program.ts';
import { schedule } from '../../../src/tape/planning/schedule.ts';
import { writeInitialStates, writeWeights } from '../../../src/tape/planning/weights.ts';
import { scalarKernels } from '../../../src/tape/scalar/scalarKernels.ts';
import { builtin, cell, network, tokens } from '../../backend/networks.ts';

const [rows, steps] = [2, 6];

/** @returns the counted kinds in the order of work; a star marks those that others read at all steps */
function countedKinds(architecture: Architecture, dropout = 0): string[] {
  const { graph } = compileTraining(architecture, { dropout: dropout > 0, batch: rows });
  const stages = schedule(graph);
  const { nodes, zeroElsewhere } = counted(graph, stages);
  return stages.flatMap((stage) =>
    stage.kind === 'all' && nodes.has(stage.node)
      ? [stage.node.operation.kind + (zeroElsewhere.has(stage.node) ? '*' : '')]
      : [],
  );
}

describe('for the steps that count', () => {
  test('the output layer, there and back', () => {
    expect(countedKinds(network([builtin('LSTM'), builtin('LSTM')]))).toEqual([
      'matmul',
      'crossEntropy',
      'crossEntropyGradient',
      'matmul*',
      'weightGradient',
      'collect',
    ]);
  });

  test('with the mask before it', () => {
    expect(countedKinds(network([builtin('GRU')]), 0.5)).toEqual([
      'dropout',
      'matmul',
      'crossEntropy',
      'crossEntropyGradient',
      'matmul',
      'dropout*',
      'weightGradient',
      'collect',
    ]);
  });

  test('what stands between the recurrence and the output layer', () => {
    const between = cell('cell A\n s[t] = tanh(W x[t] + U s[t-1])\n h[t] = V s[t]\n output h\n');
    const [first, second] = countedKinds(network([between]));
    expect([first, second]).toEqual(['matmul', 'matmul']);
  });

  test('not an output layer that the network reads', () => {
    expect(countedKinds(network([builtin('Jordan')]))).toEqual(['crossEntropy', 'crossEntropyGradient*']);
  });
});

/** Returns loss and gradients of one window; memory that was never written holds NaN. */
function run(architecture: Architecture, dropout: number, masked: number, countFrom: number): number[] {
  const { graph, losses } = compileTraining(architecture, { dropout: dropout > 0, batch: rows });
  const layout = layOutParameters(parameters(architecture), [graph], 0);
  const gradients = layout.end;
  const carry = gradients + layout.trained;
  const start = carry + carrySize(graph.states, rows);
  const tape = plan(graph, { rows, firstRow: 0, batch: rows, steps, layout, start, carry, gradients });
  const memory = new Float64Array(tape.end).fill(Number.NaN);
  const kernels = scalarKernels(memory);
  writeWeights(memory, layout, initialWeights(architecture, 3));
  for (const instruction of [...tape.setup, ...layout.probabilities, ...layout.packs])
    bind(instruction, kernels)(0);
  writeInitialStates(memory, graph.states, layout, carry, rows);
  memory.set(tokens(rows * steps, architecture.inputs, 1), tape.tokens[0]);
  memory.set(tokens(rows * steps, architecture.outputs, 2), tape.targets);
  memory.fill(-1, tape.targets, tape.targets + masked * rows);
  memory[tape.scale] = 1;
  memory[tape.seed] = 5;
  memory[tape.dropoutRate] = dropout;
  memory.fill(0, tape.fresh, tape.fresh + rows);
  new Runner(tape.program, kernels).run(steps, countFrom);
  const counts = memory.subarray(tape.locate(losses!).at).subarray(countFrom * rows, steps * rows);
  return [counts.reduce((sum, loss) => sum + loss, 0), ...memory.subarray(gradients, carry)];
}

const lags = cell('cell A\n h[t] = tanh(W x[t] + U h[t-1] + V h[t-3])\n h[0] = learned\n');
const architectures: [string, Architecture][] = [
  ...[...cellsWithoutEncoder.keys()].map((name): [string, Architecture] => [
    name,
    network([builtin(name), builtin(name)], { inputs: 7, outputs: 7 }),
  ]),
  ['lags', network([lags, lags])],
  ['a tied output', network([builtin('GRU')], { embedding: 4, tied: true })],
];

describe.each(architectures)('%s: the same loss and gradients', (_, architecture) => {
  test.each([
    [1, 0],
    [4, 0],
    [5, 0.4],
    [steps, 0.4],
  ])('from step %i on, dropout %d', (countFrom, dropout) => {
    const all = run(architecture, dropout, countFrom, 0);
    const some = run(architecture, dropout, countFrom, countFrom);
    expect(some.length).toBe(all.length);
    for (const [index, value] of all.entries()) expect(some[index]).toBeCloseTo(value, 12);
  });
});
