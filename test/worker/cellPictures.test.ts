// The pictures of a cell show its equations with their lines, and what a trained network computes.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { builtinCells } from '../../src/cells/index.ts';
import { readCells } from '../../src/language/check.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import { readModel } from '../../src/store/modelFolder.ts';
import { trace } from '../../src/tape/probing/trace.ts';
import { equationNodes, pictureOfTrace, traceModel } from '../../src/worker/cellPictures.ts';
import { readKernels } from '../kernels/modules.ts';
import { trained } from './trained.ts';

const { files } = nodePlatform(join(import.meta.dirname, '../../out'));
const definition = builtinCells.get('GRU')!;
const [cell] = readCells(definition).cells;
let directory: string;
beforeAll(async () => {
  directory = await trained('the cat sat on the mat\n'.repeat(40), {
    'model.layers': 'GRU 8, GRU 6',
    'train.epochs': 2,
  });
});
afterAll(() => rmSync(directory, { recursive: true }));

test('each equation has its line, and what it reads', () => {
  const nodes = equationNodes(definition, cell);
  const lines = definition.split('\n');
  for (const { name, equation, line } of nodes) {
    expect(lines[line - 1].replace(/\s+/g, ' ')).toContain(equation);
    expect(equation.startsWith(`${name}[t] =`)).toBe(true);
  }
  const { reads, isOutput } = nodes.find(({ name }) => name === 'h')!;
  expect(reads).toContainEqual({ name: 'h', lag: 1, index: 't' });
  expect(isOutput).toBe(true);
  expect(nodes.filter((node) => node.isOutput)).toHaveLength(1);
  // Each one reads, of its step, what comes before it.
  for (const [index, node] of nodes.entries())
    for (const read of node.reads.filter(({ name, lag }) => lag === 0 && name !== 'x'))
      expect(nodes.slice(0, index).map(({ name }) => name)).toContain(read.name);
});

test.each([...builtinCells])('the equations of %s read what is written in them', (_, definition) => {
  for (const cell of readCells(definition).cells)
    for (const { equation, reads } of equationNodes(definition, cell)) {
      const [, value] = equation.split(/ = (.*)/);
      const written = [...value.matchAll(/\b(\w+)\[([ts,]+)(?:-(\d))?\]|\bgiven\b/g)].map(
        ([name, vector, index, lag = '0']) =>
          vector ? { name: vector, lag: Number(lag), index } : { name, lag: 0, index: null },
      );
      const texts = (vectors: readonly object[]) =>
        [...new Set(vectors.map((each) => JSON.stringify(each)))].sort();
      expect(texts(reads), equation).toEqual(texts(written));
    }
});

test('attention reads what the encoder wrote, over all positions, and each vector has its index', () => {
  const definition = builtinCells.get('AdditiveAttention')!;
  const nodes = equationNodes(definition, readCells(definition).cells[0]);
  const of = (name: string) => nodes.find((node) => node.name === name)!;
  expect(nodes.map(({ name, index }) => `${name}[${index}]`)).toEqual([
    'e[t,s]',
    'a[t,s]',
    'c[t]',
    'z[t]',
    'r[t]',
    'g[t]',
    'h[t]',
  ]);
  expect(of('a').reads).toEqual([{ name: 'e', lag: 0, index: 't,s' }]);
  expect(of('c').reads).toEqual([
    { name: 'a', lag: 0, index: 't,s' },
    { name: 'm', lag: 0, index: 's' },
  ]);
});

test('a trained network is traced with its own weights, as it predicts with them', async () => {
  const model = readModel(files, directory);
  const symbols = 'the cat';
  const picture = traceModel(model, { cell: 'GRU', symbols, equations: equationNodes(definition, cell) });
  expect(picture).toMatchObject({ kind: 'trace', trainedOn: 'a.log', tokens: [...symbols] });
  const engine = await startWasm({ read: readKernels, threads: 1, spawn: null });
  const predictor = engine!.predict(model.architecture, model.weights);
  const state = predictor.initial();
  const logits = new Float32Array(predictor.outputs);
  const states = [...model.tokenizer.encode(symbols)].map((token) => {
    predictor.next(state, token, state, logits);
    return state.slice();
  });
  const places = predictor.states.filter(({ name }) => name.endsWith('.h'));
  expect(places.map(({ name }) => name)).toEqual(['layers.0.h', 'layers.1.h']);
  for (const { name, at } of places) {
    const { values } = picture.vectors.find((vector) => vector.name === name)!;
    for (const [row, unit] of values.units.entries())
      expect(values.values[row]).toEqual(
        states.map((each) => expect.closeTo(each[at + unit], 1.9) as number),
      );
  }
  predictor.dispose();
  // The gates are there, too.
  expect(picture.vectors.map(({ name }) => name)).toContain('layers.1.r');
});

test('without a model, the weights are initial ones', () => {
  const traced = trace(cell, { symbols: 'abca', hidden: 4, seed: 1 });
  const picture = pictureOfTrace(traced, 'abca', equationNodes(definition, cell));
  expect(picture.trainedOn).toBeNull();
  expect(picture.tokens).toEqual(['a', 'b', 'c', 'a']);
  const { values } = picture.vectors.find(({ name }) => name === 'h')!;
  for (const [row, unit] of values.units.entries())
    expect(values.values[row]).toEqual(
      traced.values.h.slice(1).map((step) => expect.closeTo(step[unit], 1.9) as number),
    );
  expect(
    pictureOfTrace(trace(cell, { symbols: '', hidden: 4, seed: 1 }), '', equationNodes(definition, cell))
      .vectors,
  ).toEqual([]);
});
