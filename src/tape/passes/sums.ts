// Rewrites sums so that a product starts from what it is added to instead of from zero. This saves a pass
// over the block for a bias, for a gate's other product and for the gradient from above.
import { components } from '../components.ts';
import { combined, type Graph, type Node, now, type Per, type Read } from '../graph.ts';

/** Flattens nested additions into one sum of many terms. */
export function flattenSums(graph: Graph): void {
  const readers = graph.users();
  // A value that is the same at all steps, such as a stream's, is added up once.
  const inner = (read: Read, { per }: Node) =>
    read.lag === 0 &&
    read.node.operation.kind === 'add' &&
    readers.get(read.node)!.length === 1 &&
    (read.node.per === per || read.node.per === 'once');
  const terms = (node: Node): Read[] =>
    node.inputs.flatMap((read) => (inner(read, node) ? terms(read.node) : [read]));
  const additions = graph.nodes().filter(({ operation }) => operation.kind === 'add');
  const flat = additions.map((node) => ({ node, inputs: terms(node) }));
  for (const { node, inputs } of flat) {
    node.operation = { kind: 'sum' };
    node.inputs = inputs;
  }
}

/**
 * Adds up what a sum of pairs has for each position before the loop, and what it has for each step once for all
 * positions.
 */
export function separateSums(graph: Graph): void {
  const readers = graph.users();
  for (const sum of graph
    .nodes()
    .filter(({ operation, per }) => operation.kind === 'sum' && per === 'pair')) {
    const isPosition = ({ node, lag }: Read) => node.per === 'position' && lag === 0;
    const shared = sum.inputs.some(isPosition)
      ? sum.inputs.filter((term) => isPosition(term) || term.node.per === 'once')
      : [];
    const repeated = sum.inputs.filter(
      ({ node, lag }) => node.operation.kind === 'repeat' && lag === 0 && readers.get(node)!.length === 1,
    );
    const others = sum.inputs.filter((term) => !shared.includes(term) && !repeated.includes(term));
    const summed = (terms: readonly Read[], per: Per): Read[] =>
      terms.length < 2 ? [...terms] : [now(graph.add({ kind: 'sum' }, terms, sum.width, per))];
    const steps = repeated.map(({ node }) => node.inputs[0]);
    const once = summed(steps, combined(steps.map(({ node }) => node.per)));
    sum.inputs = [
      ...summed(shared, 'position'),
      ...once.map((read) => now(graph.add({ kind: 'repeat' }, [read], sum.width, 'pair'))),
      ...others,
    ];
  }
}

/**
 * Turns sums into chains in which each product starts from the partial sum before it. Terms from outside of
 * the loop come first, so that adding them stays outside.
 */
export function chainSums(graph: Graph): void {
  const component = new Map<Node, number>();
  for (const [index, members] of components(graph.nodes()).entries())
    for (const node of members) component.set(node, index);
  const readers = graph.users();
  // The end of a chain replaces its sum wherever that is read, also in sums that are treated later.
  const standsFor = (node: Node, sum: Node) => {
    readers.set(node, readers.get(sum)!);
    component.set(node, component.get(sum)!);
  };
  const startsFromZero = ({ node }: Read, { per }: Node) =>
    readers.get(node)!.length === 1 &&
    node.per !== 'once' &&
    node.per === per &&
    (((node.operation.kind === 'matmul' || node.operation.kind === 'repeat') && node.inputs.length === 1) ||
      (node.operation.kind === 'gather' && node.inputs.length === 0));
  for (const sum of graph.nodes().filter(({ operation }) => operation.kind === 'sum')) {
    const rank = (term: Read): number => {
      if (term.node.per === 'once') return 0;
      const inside = component.get(term.node) === component.get(sum);
      const product = startsFromZero(term, sum);
      // A product onto one row for all steps would be computed step by step; pairs start from what all steps share.
      if (term.node.per !== sum.per) return sum.per === 'pair' ? 1 : 4;
      return inside ? (product ? 3 : 4) : product ? 2 : 1;
    };
    const terms = [...sum.inputs].sort((a, b) => rank(a) - rank(b));
    const total = terms.reduce((before, term) => {
      const { node, lag } = term;
      if (!startsFromZero(term, sum) || (lag !== 0 && node.operation.kind === 'gather'))
        return now(graph.add({ kind: 'add' }, [before, term], sum.width, sum.per));
      // (U h)[t + 1] is U h[t + 1]: the product moves to the step where it is needed.
      node.inputs = [...node.inputs.map((read) => ({ node: read.node, lag: read.lag + lag })), before];
      return now(node);
    });
    graph.replace(sum, total);
    standsFor(total.node, sum);
  }
}
