import { outputLayerWidth, outputWidth } from '../architecture.ts';
import { now } from '../graph.ts';
import { givesDistribution, logarithms } from './distribution.ts';
import type { OutputLayer } from './head.ts';

/**
 * Computes the logits W x + b at each step. Where the last cell gives a distribution, the logits are its logarithms,
 * and there are no parameters.
 */
export const everyStep: OutputLayer = {
  parameters(architecture) {
    const { tied } = architecture;
    const outputs = outputLayerWidth(architecture);
    if (givesDistribution(architecture)) return [];
    const bias = {
      name: 'output.b',
      shape: [outputs],
      initialiser: { kind: 'constant', value: 0 },
      trained: true,
    } as const;
    if (tied) return [bias];
    const matrix = {
      name: 'output.W',
      shape: [outputs, outputWidth(architecture)],
      initialiser: { kind: 'glorot' },
      trained: true,
    } as const;
    return [matrix, bias];
  },

  lower(graph, x, architecture) {
    const { tied } = architecture;
    const outputs = outputLayerWidth(architecture);
    if (outputWidth(architecture) !== x.width)
      throw new Error('The output layer does not fit the last layer.');
    if (givesDistribution(architecture)) return logarithms(graph, x);
    const bias = graph.add({ kind: 'parameter', names: ['output.b'] }, [], outputs, 'once');
    const matrices = [tied ? 'embedding' : 'output.W'];
    const product = graph.add({ kind: 'matmul', matrices, transposed: false }, [now(x)], outputs, 'step');
    return graph.add({ kind: 'add' }, [now(product), now(bias)], outputs, 'step');
  },
};
