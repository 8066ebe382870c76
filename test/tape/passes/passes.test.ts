// Checks each pass on a small cell by its graph before and after.
import { expect, test } from 'vitest';
import { compileForward, compileRecurrence } from '../../../src/tape/compile.ts';
import { differentiate } from '../../../src/tape/differentiate.ts';
import type { Graph } from '../../../src/tape/graph.ts';
import { lower } from '../../../src/tape/lower.ts';
import { fuseMultiplyAdd } from '../../../src/tape/passes/fuse.ts';
import { lookup } from '../../../src/tape/passes/lookup.ts';
import { mergeSideBySide } from '../../../src/tape/passes/merge.ts';
import { chainSums, flattenSums } from '../../../src/tape/passes/sums.ts';
import { printGraph } from '../../../src/tape/print.ts';
import { cell, network } from '../../backend/networks.ts';

const architecture = (equations: string, embedding = 0) =>
  network([cell(`cell A\n${equations}\n`)], { embedding });

const lowered = (equations: string, embedding = 0): Graph =>
  lower(architecture(equations, embedding), { dropout: false, batch: 2 }).graph;

const trained = (names: string): Set<string> => new Set(names.split(' ').map((name) => `layers.0.${name}`));

/** Prints the graph with names as in the cell. */
const printed = (graph: Graph) => `\n${printGraph(graph).replaceAll('layers.0.', '')}\n`;

test('a product with a one-hot vector becomes a look-up', () => {
  const graph = lowered('h[t] = tanh(W x[t])');
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: oneHot : 5
    1: matmul(W) 0 : 4
    2: tanh 1 : 4
    3: matmul(output.W) 2 : 5
    4: parameter(output.b) : 5 once
    5: add 3 4 : 5
    "
  `);
  lookup(graph);
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: gather(W) : 4
    1: tanh 0 : 4
    2: matmul(output.W) 1 : 5
    3: parameter(output.b) : 5 once
    4: add 2 3 : 5
    "
  `);
});

test('a sum begins with what is outside of the loop, and a product starts from what is before it', () => {
  const graph = lowered('h[t] = tanh(U h[t-1] + h[t-1] + W x[t] + b)', 3);
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: gather(embedding) : 3
    1: matmul(W) 0 : 4
    2: parameter(b) : 4 once
    for t up
      3: matmul(U) 7[t-1] : 4
      4: add 3 7[t-1] : 4
      5: add 4 1 : 4
      6: add 5 2 : 4
      7: tanh 6 : 4 → h
    8: matmul(output.W) 7 : 5
    9: parameter(output.b) : 5 once
    10: add 8 9 : 5
    "
  `);
  flattenSums(graph);
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: gather(embedding) : 3
    1: matmul(W) 0 : 4
    2: parameter(b) : 4 once
    for t up
      3: matmul(U) 5[t-1] : 4
      4: sum 3 5[t-1] 1 2 : 4
      5: tanh 4 : 4 → h
    6: matmul(output.W) 5 : 5
    7: parameter(output.b) : 5 once
    8: sum 6 7 : 5
    "
  `);
  chainSums(graph);
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: gather(embedding) : 3
    1: parameter(b) : 4 once
    2: matmul(W) 0 1 : 4
    for t up
      3: matmul(U) 5[t-1] 2 : 4
      4: add 3 5[t-1] : 4
      5: tanh 4 : 4 → h
    6: parameter(output.b) : 5 once
    7: matmul(output.W) 5 6 : 5
    "
  `);
});

test('gates stand side by side, those of one function next to each other', () => {
  const graph = lowered(
    'f[t] = sigmoid(U_f h[t-1] + b_f)\ng[t] = tanh(U_g h[t-1] + b_g)\no[t] = sigmoid(U_o h[t-1] + b_o)\nh[t] = f[t] * g[t] + o[t]',
  );
  flattenSums(graph);
  chainSums(graph);
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: parameter(b_f) : 4 once
    1: parameter(b_g) : 4 once
    2: parameter(b_o) : 4 once
    for t up
      3: matmul(U_f) 10[t-1] 0 : 4
      4: sigmoid 3 : 4
      5: matmul(U_g) 10[t-1] 1 : 4
      6: tanh 5 : 4
      7: matmul(U_o) 10[t-1] 2 : 4
      8: sigmoid 7 : 4
      9: multiply 4 6 : 4
      10: add 9 8 : 4 → h
    11: parameter(output.b) : 5 once
    12: matmul(output.W) 10 11 : 5
    "
  `);
  mergeSideBySide(graph, trained('U_f U_g U_o b_f b_g b_o'));
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: parameter(b_f, b_o, b_g) : 12 once
    for t up
      1: matmul(U_f, U_o, U_g) 9[t-1] 0 : 12
      2: slice(8) 1 : 4
      3: tanh 2 : 4
      4: slice(0) 1 : 8
      5: sigmoid 4 : 8
      6: slice(0) 5 : 4
      7: multiply 6 3 : 4
      8: slice(4) 5 : 4
      9: add 7 8 : 4 → h
    10: parameter(output.b) : 5 once
    11: matmul(output.W) 9 10 : 5
    "
  `);
});

test('what is fixed does not stand beside what is trained, nor a matrix that is read twice beside others', () => {
  const graph = lowered('h[t] = (U h[t-1]) * (V h[t-1]) * (S h[t-1]) * (S h[t-1])');
  mergeSideBySide(graph, trained('U S'));
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    for t up
      0: matmul(U) 6[t-1] : 4
      1: matmul(V) 6[t-1] : 4
      2: multiply 0 1 : 4
      3: matmul(S) 6[t-1] : 4
      4: multiply 2 3 : 4
      5: matmul(S) 6[t-1] : 4
      6: multiply 4 5 : 4 → h
    7: matmul(output.W) 6 : 5
    8: parameter(output.b) : 5 once
    9: add 7 8 : 5
    "
  `);
});

test('backwards, what a step gives to an earlier one is read from the later', () => {
  const { graph, losses } = compileForward(architecture('h[t] = tanh(U h[t-1] + V h[t-2] + b) * c'), {
    dropout: false,
    batch: 2,
    losses: true,
  });
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: parameter(b) : 4 once
    1: parameter(c) : 4 once
    for t up
      2: matmul(U) 5[t-1] 0 : 4
      3: matmul(V) 5[t-2] 2 : 4
      4: tanh 3 : 4
      5: multiply 4 1 : 4 → h ×2
    6: parameter(output.b) : 5 once
    7: matmul(output.W) 5 6 : 5
    8: crossEntropy 7 : 1
    "
  `);
  differentiate(graph, new Map([[losses!, null]]), { trained: trained('U V b c') });
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: parameter(b) : 4 once
    1: parameter(c) : 4 once
    for t up
      2: matmul(U) 5[t-1] 0 : 4
      3: matmul(V) 5[t-2] 2 : 4
      4: tanh 3 : 4
      5: multiply 4 1 : 4 → h ×2
    6: parameter(output.b) : 5 once
    7: matmul(output.W) 5 6 : 5
    8: crossEntropy 7 : 1
    9: crossEntropyGradient 7 : 5
    10: transposedMatmul(output.W) 9 : 4
    for t down
      11: sum 10 14[t+2] 15[t+1] : 4
      12: multiply 11 1 : 4
      13: tanhGradient 12 4 : 4
      14: transposedMatmul(V) 13 : 4
      15: transposedMatmul(U) 13 : 4
    16: multiply 11 4 : 4
    17: collect(c) 16 : 1 once
    18: weightGradient(V) 13 5[t-2] : 1 once
    19: weightGradient(U) 13 5[t-1] : 1 once
    20: collect(b) 13 : 1 once
    "
  `);
  chainSums(graph);
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: parameter(b) : 4 once
    1: parameter(c) : 4 once
    for t up
      2: matmul(U) 5[t-1] 0 : 4
      3: matmul(V) 5[t-2] 2 : 4
      4: tanh 3 : 4
      5: multiply 4 1 : 4 → h ×2
    6: parameter(output.b) : 5 once
    7: matmul(output.W) 5 6 : 5
    8: crossEntropy 7 : 1
    9: crossEntropyGradient 7 : 5
    10: transposedMatmul(output.W) 9 : 4
    for t down
      11: transposedMatmul(V) 14[t+2] 10 : 4
      12: transposedMatmul(U) 14[t+1] 11 : 4
      13: multiply 12 1 : 4
      14: tanhGradient 13 4 : 4
    15: multiply 12 4 : 4
    16: collect(c) 15 : 1 once
    17: weightGradient(V) 14 5[t-2] : 1 once
    18: weightGradient(U) 14 5[t-1] : 1 once
    19: collect(b) 14 : 1 once
    "
  `);
});

test('the output layer is inside the loop where its output is read', () => {
  const { graph } = compileForward(architecture('h[t] = tanh(W x[t] + U y[t-1])'), {
    dropout: false,
    batch: 2,
    losses: true,
  });
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: gather(W) : 4
    1: parameter(output.b) : 5 once
    for t up
      2: matmul(U) 5[t-1] 0 : 4
      3: tanh 2 : 4
      4: matmul(output.W) 3 1 : 5
      5: softmax 4 : 5 → y
    6: crossEntropy 4 : 1
    "
  `);
});

test('a product of vectors that is only added is added at once, also to an earlier step', () => {
  const graph = lowered('c[t] = f[t] * c[t-1] + f[t]\nf[t] = tanh(W x[t])\nh[t] = tanh(c[t])');
  const [logits] = graph.roots;
  const losses = graph.add({ kind: 'crossEntropy' }, [{ node: logits, lag: 0 }], 1, 'step');
  graph.roots = [losses];
  differentiate(graph, new Map([[losses, null]]), { trained: trained('W') });
  chainSums(graph);
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: oneHot : 5
    1: matmul(W) 0 : 4
    2: tanh 1 : 4
    for t up
      3: multiply 2 4[t-1] : 4
      4: add 3 2 : 4 → c
    5: tanh 4 : 4
    6: matmul(output.W) 5 : 5
    7: parameter(output.b) : 5 once
    8: add 6 7 : 5
    9: crossEntropy 8 : 1
    10: crossEntropyGradient 8 : 5
    11: transposedMatmul(output.W) 10 : 4
    12: tanhGradient 11 5 : 4
    for t down
      13: add 12 14[t+1] : 4
      14: multiply 13 2 : 4
    15: multiply 13 4[t-1] : 4
    16: add 13 15 : 4
    17: tanhGradient 16 2 : 4
    18: weightGradient(W) 17 0 : 1 once
    "
  `);
  fuseMultiplyAdd(graph);
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: oneHot : 5
    1: matmul(W) 0 : 4
    2: tanh 1 : 4
    for t up
      3: multiplyAdd 2 3[t-1] 2 : 4 → c
    4: tanh 3 : 4
    5: matmul(output.W) 4 : 5
    6: parameter(output.b) : 5 once
    7: add 5 6 : 5
    8: crossEntropy 7 : 1
    9: crossEntropyGradient 7 : 5
    10: transposedMatmul(output.W) 9 : 4
    11: tanhGradient 10 4 : 4
    for t down
      12: multiplyAdd 12[t+1] 2[t+1] 11 : 4
    13: multiplyAdd 12 3[t-1] 12 : 4
    14: tanhGradient 13 2 : 4
    15: weightGradient(W) 14 0 : 1 once
    "
  `);
});

test('a cell by itself: its input and what is passed back to it are given, its first states get their gradients', () => {
  const { graph } = compileRecurrence(cell('cell A\n h[t] = tanh(W x[t] + U h[t-2])\n'), {
    x: 3,
    h: 4,
    y: 0,
  });
  expect(printed(graph)).toMatchInlineSnapshot(`
    "
    0: x : 3
    1: matmul(W) 0 : 4
    for t up
      2: matmul(U) 3[t-2] 1 : 4
      3: tanh 2 : 4 → h ×2
    4: dy : 4
    for t down
      5: add 4 7[t+2] : 4
      6: tanhGradient 5 3 : 4
      7: transposedMatmul(U) 6 : 4
    8: weightGradient(U) 6 3[t-2] : 1 once
    9: collectCarried(h, 2) 7 : 1 once
    10: weightGradient(W) 6 0 : 1 once
    11: transposedMatmul(W) 6 : 3
    12: copy 11 : 3
    "
  `);
});
