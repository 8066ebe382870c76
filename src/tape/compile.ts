// Architecture → graph, with all passes.
import type { Architecture } from './architecture.ts';
import { differentiate } from './differentiate.ts';
import type { Graph, Node } from './graph.ts';
import { type LowerOptions, lower } from './lower.ts';
import { parameters } from './parameters.ts';
import { lookup } from './passes/lookup.ts';
import { mergeSideBySide } from './passes/merge.ts';
import { chainSums, flattenSums } from './passes/sums.ts';

export interface Compiled {
  readonly graph: Graph;
  readonly logits: Node;
  /** One number a row, where targets were asked for. */
  readonly losses: Node | null;
}

/** The graph of a step, forward only. */
export function compileForward(architecture: Architecture, options: LowerOptions): Compiled {
  const { graph } = lower(architecture, options);
  lookup(graph);
  flattenSums(graph);
  chainSums(graph);
  mergeSideBySide(graph, trainedNames(architecture));
  return { graph, logits: graph.roots[0], losses: null };
}

/** With the gradients of everything that is trained. */
export function compileTraining(architecture: Architecture, options: LowerOptions): Compiled {
  const { graph, logits } = compileForward(architecture, options);
  const losses = differentiate(graph, logits, trainedNames(architecture));
  chainSums(graph);
  return { graph, logits, losses };
}

const trainedNames = (architecture: Architecture): Set<string> =>
  new Set(parameters(architecture).flatMap(({ name, trained }) => (trained ? [name] : [])));
