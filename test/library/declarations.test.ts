// Checks the declarations beside the bundle in a strict program that somebody else could have written.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeDeclarations } from '../../scripts/declarations.ts';

const root = join(import.meta.dirname, '../..');
const directory = join(root, 'out/reports/declarations');

beforeAll(async () => {
  mkdirSync(directory, { recursive: true });
  await writeDeclarations(directory);
});

/** @returns the compiler's errors in the program and our declarations, without those in TensorFlow.js's */
function mistakes(program: string): string[] {
  writeFileSync(join(directory, 'program.ts'), program);
  const options = ['--target', 'es2022', '--module', 'nodenext', '--lib', 'es2024,dom', '--types', ''];
  const { stdout } = spawnSync(
    process.execPath,
    [
      'node_modules/typescript/bin/tsc',
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      ...options,
      `${directory}/program.ts`,
    ],
    { cwd: root, encoding: 'utf8' },
  );
  return stdout
    .split('\n')
    .filter((line) => /^\S+\(\d+,\d+\): error/.test(line) && !line.startsWith('node_modules/'));
}

test('a program with a layer and an operation', () => {
  const program = `
    import * as tf from '@tensorflow/tfjs';
    import { builtinCells, type Cell, type CellLayerConfig, cells, Problem } from './cells.js';

    const read = async (build: 'relaxed' | 'simd' | 'single') => (await fetch(build + '.wasm')).arrayBuffer();
    const { cell, layer } = await cells(tf, { read });
    const config: CellLayerConfig = { cell: 'GRU', units: 8, returnSequences: true, inputShape: [20, 3] };
    const model = tf.sequential({ layers: [layer(config), tf.layers.dense({ units: 1 })] });
    const twice = layer({ ...config, returnState: true, goBackwards: true }) as unknown as tf.RNN;
    const both = tf.layers.bidirectional({ layer: twice, mergeMode: 'sum' });
    layer({ cell: 'LSTM', units: 2, stateful: true }).resetStates();
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });

    const lstm: Cell = cell('LSTM', { units: 4, inputs: 3 });
    const parameters = lstm.initialParameters(7);
    const mask = tf.ones<tf.Rank.R2>([2, 5]);
    const y: tf.Tensor3D = lstm.apply(tf.zeros([2, 5, 3]), parameters, lstm.initialStates(parameters, 2), mask).y;
    const shapes: number[] = lstm.parameters.flatMap(({ shape }) => [...shape]);
    export const found = { y, both, shapes, names: [...builtinCells.keys()], states: lstm.states.map(({ width }) => width) };
    try {
      cell('LSTM', { units: 0, inputs: 3 });
    } catch (error) {
      if (error instanceof Problem) console.error(error.message);
    }
  `;
  expect(mistakes(program)).toEqual([]);
});

test('a mistaken one', () => {
  const program = `
    import * as tf from '@tensorflow/tfjs';
    import { cells } from './cells.js';
    const { cell, layer } = await cells(tf, { read: async () => new ArrayBuffer(8) });
    layer({ cell: 'GRU' });
    cell('LSTM', { units: 4, inputs: 3 }).apply(tf.zeros([2, 3]), {});
    cell('LSTM', { units: 4, inputs: 3 }).operation;
  `;
  const lines = mistakes(program).map((mistake) => Number(/\((\d+),/.exec(mistake)![1]));
  expect(lines).toEqual([5, 6, 7]);
});

test('nothing of the inside is in them', () => {
  const text = readFileSync(join(directory, 'cells.d.ts'), 'utf8');
  expect([...text.matchAll(/from '([^']*)'/g)].map(([, module]) => module)).toEqual(['@tensorflow/tfjs']);
});
