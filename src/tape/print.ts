import type { Graph, Node, Operation } from './graph.ts';
import { schedule } from './planning/schedule.ts';

/**
 * Prints one line for each node, numbered in the order of execution, with loops indented; tests compare it.
 */
export function printGraph(graph: Graph): string {
  const stages = schedule(graph);
  const nodes = stages.flatMap((stage) => (stage.kind === 'all' ? [stage.node] : stage.nodes));
  const numbers = new Map(nodes.map((node, number) => [node, number]));
  const keys = new Map(
    graph.states.map(({ node, key, lags }) => [node, ` → ${key}${lags > 1 ? ` ×${lags}` : ''}`]),
  );
  const time = (lag: number) => (lag === 0 ? '' : lag > 0 ? `[t-${lag}]` : `[t+${-lag}]`);
  const line = (node: Node) => {
    const reads = node.inputs.map((read) => `${numbers.get(read.node)}${time(read.lag)}`);
    const width = `${node.width}${node.per === 'step' ? '' : ` ${node.per}`}`;
    return `${numbers.get(node)}: ${[describe(node.operation), ...reads].join(' ')} : ${width}${keys.get(node) ?? ''}`;
  };
  return stages
    .flatMap((stage) =>
      stage.kind === 'all'
        ? [line(stage.node)]
        : [
            `for ${stage.axis === 'step' ? 't' : 's'} ${stage.reverse ? 'down' : 'up'}`,
            ...stage.nodes.map((node) => `  ${line(node)}`),
          ],
    )
    .join('\n');
}

function describe(operation: Operation): string {
  const { kind } = operation;
  switch (kind) {
    case 'parameter':
    case 'collect':
      return `${kind}(${operation.names.join(', ')})`;
    case 'constant':
      return `${operation.value}`;
    case 'given':
      return operation.name;
    case 'gather':
    case 'scatter':
      return `${kind}(${[...operation.matrices, ...(operation.token ? [`token ${operation.token}`] : [])].join(', ')})`;
    case 'weightGradient':
      return `${kind}(${operation.matrices.join(', ')})`;
    case 'matmul':
      return `${operation.transposed ? 'transposedMatmul' : 'matmul'}(${operation.matrices.join(', ')})`;
    case 'slice':
      return `slice(${operation.from})`;
    case 'join':
      return `join(${operation.columns.join(', ')})`;
    case 'collectInitial':
      return `collectInitial(${operation.name}, ${operation.steps})`;
    case 'collectCarried':
      return `collectCarried(${operation.state}, ${operation.lag})`;
    default:
      return kind;
  }
}
