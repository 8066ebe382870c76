import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { initialWeights } from '../../src/tape/parameters.ts';
import { builtin, cell, network } from '../backend/networks.ts';
import { root } from '../host/tools.ts';

const largest = (data: Float32Array) => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const glorot = (rows: number, columns: number) => Math.sqrt(6 / (rows + columns));

describe('a matrix that reads one-hot vectors', () => {
  const widths = { inputs: 90, outputs: 90, layers: [{ cell: builtin('LSTM'), hidden: 40 }] };
  const limitOf = (name: string, more = {}) =>
    largest(initialWeights(network([], { ...widths, ...more }), 1).get(name)!.data);

  test('has a fan-in of 1, whatever the size of the vocabulary is', () => {
    for (const gate of ['f', 'i', 'o', 'g']) {
      const limit = limitOf(`layers.0.W_${gate}`);
      expect(limit).toBeLessThanOrEqual(Math.sqrt(3) * (1 + 1e-6));
      expect(limit).toBeGreaterThan(0.98 * Math.sqrt(3));
    }
  });

  test.each([
    ['the recurrent matrix', 'layers.0.U_f', 40, {}],
    ['one that reads an embedding', 'layers.0.W_f', 16, { embedding: 16 }],
    ['one that reads the layer below', 'layers.1.W_f', 40, { layers: [...widths.layers, ...widths.layers] }],
  ])('%s begins as Glorot', (_, name, columns, more) => {
    const limit = limitOf(name, more);
    expect(limit).toBeLessThanOrEqual(glorot(40, columns) * (1 + 1e-6));
    expect(limit).toBeGreaterThan(0.95 * glorot(40, columns));
  });

  test('begins as its cell says', () => {
    const own = cell('cell A\n  h[t] = tanh(W x[t] + U h[t-1])\n  init W = uniform(0.1)\n');
    expect(limitOf('layers.0.W', { layers: [{ cell: own, hidden: 40 }] })).toBeCloseTo(0.1, 2);
  });
});

describe('docs/safetensors.md has the shapes of the output layer', () => {
  const page = readFileSync(join(root, 'docs/safetensors.md'), 'utf8');
  const [, ofMatrix, ofBias] = page.match(/^\| `output\.W`, `output\.b` \| (.*?), (.*?) \|/m)!;
  const narrow = cell(
    'cell Narrow\n  h[t] = tanh(W x[t] + U h[t-1])\n  p[t] = A h[t]\n  width p = 3\n  output p[t]\n',
  );

  test.each([
    ['a layer', { layers: [{ cell: builtin('GRU'), hidden: 4 }] }, { V: 5, O: 4 }],
    [
      'one that reads both ways',
      { layers: [{ cell: builtin('GRU'), hidden: 4, bidirectional: true }] },
      { V: 5, O: 8 },
    ],
    ['a cell whose output has a width of its own', { layers: [{ cell: narrow, hidden: 4 }] }, { V: 5, O: 3 }],
    [
      'numbers',
      { layers: [{ cell: builtin('GRU'), hidden: 4 }], likelihood: 'gaussian' as const },
      { V: 10, O: 4 },
    ],
  ])('of %s', (_, more, sizes: Record<string, number>) => {
    const weights = initialWeights(network([], more), 1);
    const said = (shape: string) => shape.split(' × ').map((letter) => sizes[letter]);
    expect(said(ofMatrix)).toEqual(weights.get('output.W')!.shape);
    expect(said(ofBias)).toEqual(weights.get('output.b')!.shape);
  });
});
