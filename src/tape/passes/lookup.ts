import type { Graph } from '../graph.ts';

/**
 * Replaces W times a one-hot vector, which is a column of W, by a look-up, so its gradient is a scatter-add.
 */
export function lookup(graph: Graph): void {
  for (const node of graph.nodes()) {
    const { operation, inputs } = node;
    if (operation.kind !== 'matmul' || operation.transposed) continue;
    if (inputs[0].node.operation.kind !== 'oneHot' || inputs[0].lag !== 0) continue;
    node.operation = { kind: 'gather', matrices: operation.matrices, byColumns: true };
    node.inputs = [];
  }
}
