// Adds forward-mode differentiation to a graph (Wengert 1964; Pearlmutter 1994): beside each value that depends on
// something that moves, its tangent, which is the product of the Jacobian with the direction of the move. Tangents read
// the same steps as the values do, so that the same passes and the same scheduler apply.
import { binaryOperations, isBinary, isUnary, unaryOperations } from '../operations/elementwise.ts';
import { ancestors, type Graph, type Node, namesOf, now, type Read, type State } from './graph.ts';
import type { ParameterDescription } from './parameterDescription.ts';

/** The name under which the tangent of a parameter or of a state is kept. */
export const tangentName = (name: string): string => `${name}.tangent`;

/**
 * Describes the tangents of trained parameters, which are parameters that the caller sets. That of a stochastic matrix
 * is the tangent of its probabilities.
 */
export const tangentDescriptions = (described: readonly ParameterDescription[]): ParameterDescription[] =>
  described
    .filter(({ trained }) => trained)
    .map(({ name, shape, initialiser }) => ({ name: tangentName(name), shape, initialiser, trained: false }));

/** The direction of the tangents: which numbers change. */
export interface Moved {
  /** The names of the parameters that move; their tangents are parameters, too. */
  readonly parameters: ReadonlySet<string>;
  /** Whether the states before the window move. Their tangents are states, which are carried as all are. */
  readonly state: (state: State) => boolean;
}

/**
 * Adds tangents to a graph that has no gradients yet. The states of which a tangent exists get one as a further state;
 * before the first window it is that of the learned initial state, or zero.
 * @returns the tangent of a node, or null where nothing that moves has an influence on it
 */
export function addTangents(graph: Graph, moved: Moved): (node: Node) => Node | null {
  const nodes = graph.nodes();
  const states = [...graph.states];
  const sources = new Set(
    states
      .filter((state) => moved.state(state) || hasMovedStart(state, moved.parameters))
      .map(({ node }) => node),
  );
  const influenced = new Set(nodes.filter((node) => sources.has(node) || moves(node, moved.parameters)));
  for (let before = -1; before < influenced.size; ) {
    before = influenced.size;
    for (const node of nodes) if (node.inputs.some((read) => influenced.has(read.node))) influenced.add(node);
  }
  const tangents = new Map<Node, Node>();
  for (const node of nodes)
    if (influenced.has(node)) tangents.set(node, graph.add({ kind: 'sum' }, [], node.width, node.per));
  const of = ({ node, lag }: Read): Read | null => {
    const tangent = tangents.get(node);
    return tangent ? { node: tangent, lag } : null;
  };
  const stateNodes = new Set(states.map(({ node }) => node));
  for (const [node, tangent] of tangents) {
    const terms = termsOf(graph, node, of, moved.parameters);
    // A sum without terms is the tangent of a state that depends on nothing that moves once its window has begun.
    if (terms.length === 0)
      terms.push(now(graph.add({ kind: 'constant', value: 0 }, [], node.width, 'once')));
    const total =
      terms.length === 1 ? terms[0] : now(graph.add({ kind: 'sum' }, terms, node.width, node.per));
    // A state has a location of its own, with a row for each stream.
    const isShared = (stateNodes.has(node) && total.node.operation.kind !== 'begin') || total.lag !== 0;
    const result = isShared ? now(graph.add({ kind: 'copy' }, [total], node.width, node.per)) : total;
    tangent.inputs = [result];
    tangents.set(node, result.node);
  }
  // Nothing but tangents reads placeholders.
  for (const [node, tangent] of tangents) tangents.set(node, behind(now(tangent)).node);
  for (const node of ancestors(tangents.values())) node.inputs = node.inputs.map(behind);
  for (const state of states) {
    const { key, node, lags, initial, first } = state;
    const tangent = tangents.get(node);
    if (!tangent) continue;
    const start =
      'learned' in initial && moved.parameters.has(initial.learned)
        ? { learned: tangentName(initial.learned) }
        : { value: 0 };
    graph.states.push({ key: tangentName(key), node: tangent, lags, initial: start, first });
  }
  return (node) => tangents.get(node) ?? null;
}

/** Returns what is read, where a placeholder is, which is a sum of one term. */
function behind({ node, lag }: Read): Read {
  const isPlaceholder = node.operation.kind === 'sum' && node.inputs.length === 1;
  return isPlaceholder ? behind({ node: node.inputs[0].node, lag: lag + node.inputs[0].lag }) : { node, lag };
}

const moves = (node: Node, parameters: ReadonlySet<string>): boolean =>
  namesOf(node.operation).some((name) => parameters.has(name));

const hasMovedStart = ({ initial }: State, parameters: ReadonlySet<string>): boolean =>
  'learned' in initial && parameters.has(initial.learned);

/**
 * Returns the terms of a node's tangent: one for each operand that moves, and one for the operation's own parameters.
 * @param of returns the tangent of an operand, or null where it does not move
 */
function termsOf(
  graph: Graph,
  node: Node,
  of: (read: Read) => Read | null,
  parameters: ReadonlySet<string>,
): Read[] {
  const { operation, inputs, width } = node;
  const make = (made: Node['operation'], reads: readonly Read[], of = width): Read =>
    now(graph.add(made, reads, of, reads.every((read) => read.node.per === 'once') ? 'once' : 'step'));
  const constant = (value: number, of = width): Read =>
    now(graph.add({ kind: 'constant', value }, [], of, 'once'));
  const operands = inputs.map(of);
  const moving = operands.filter((read) => read !== null);
  const { kind } = operation;
  if (isUnary(kind) || isBinary(kind)) {
    // The Jacobian of an element-wise operation is diagonal, so that it is its own transpose.
    const { gradient } = isUnary(kind) ? unaryOperations[kind] : binaryOperations[kind];
    return operands.flatMap((dy, index) =>
      dy === null
        ? []
        : [
            gradient<Read>({
              dy,
              y: now(node),
              inputs,
              apply: (each, ...reads) => make({ kind: each }, reads),
              constant,
            })[index],
          ],
    );
  }
  switch (kind) {
    case 'parameter':
      return moves(node, parameters)
        ? [now(graph.add({ kind, names: operation.names.map(tangentName) }, [], width, 'once'))]
        : [];
    case 'matmul': {
      const [factor, onto] = operands;
      const matrices = operation.matrices.map(tangentName);
      return [
        ...(factor ? [make(operation, [factor])] : []),
        ...(moves(node, parameters) ? [make({ ...operation, matrices }, [inputs[0]])] : []),
        ...(onto ? [onto] : []),
      ];
    }
    case 'gather': {
      const matrices = operation.matrices.map(tangentName);
      const own = () => now(graph.add({ ...operation, matrices }, [], width, 'step'));
      return [...(moves(node, parameters) ? [own()] : []), ...moving];
    }
    case 'copy':
    case 'sum':
      return moving;
    // These are linear.
    case 'slice':
    case 'dropout':
    case 'broadcast':
    case 'rowSum':
      return moving.map((read) => make(operation, [read]));
    case 'begin':
      return [
        now(
          graph.add(
            operation,
            operands.map((read) => read ?? constant(0)),
            width,
            node.per,
          ),
        ),
      ];
    case 'join':
      return [
        make(
          operation,
          operands.map((read, index) => read ?? constant(0, inputs[index].node.width)),
        ),
      ];
    // The Jacobians of these two are symmetric.
    case 'softmax':
      return moving.map((read) => make({ kind: 'softmaxGradient' }, [read, now(node)]));
    case 'layerNorm':
      return moving.map((read) => make({ kind: 'layerNormGradient' }, [read, now(node), inputs[0]]));
    case 'crossEntropy':
    case 'gaussian': {
      // The weight of a target scales the gradient of a loss, and so its tangent.
      const of = kind === 'gaussian' ? 'gaussianGradient' : 'crossEntropyGradient';
      const { width: outputs } = inputs[0].node;
      return moving.map((read) => {
        const slope = make({ kind: of }, [inputs[0]], outputs);
        return make({ kind: 'rowSum' }, [make({ kind: 'multiply' }, [read, slope], outputs)]);
      });
    }
    default:
      throw new Error(`The operation ${kind} has no tangent.`);
  }
}
