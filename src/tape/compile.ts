// Architecture → graph, with all passes.
import type { Architecture } from './architecture.ts';
import { differentiate } from './differentiate.ts';
import { type Graph, type Node, now } from './graph.ts';
import { type LowerOptions, lower } from './lower.ts';
import { parameters } from './parameters.ts';
import { fuseMultiplyAdd } from './passes/fuse.ts';
import { lookup } from './passes/lookup.ts';
import { mergeSideBySide } from './passes/merge.ts';
import { chainSums, flattenSums } from './passes/sums.ts';

export interface Compiled {
  readonly graph: Graph;
  /** Kept where no losses were asked for. */
  readonly logits: Node;
  /** One number a row, where targets were asked for. */
  readonly losses: Node | null;
}

/** The graph of a step, forward only, with its losses if asked for. */
export function compileForward(
  architecture: Architecture,
  options: LowerOptions & { losses: boolean },
): Compiled {
  const compiled = forward(architecture, options);
  fuseMultiplyAdd(compiled.graph);
  return compiled;
}

/** With the gradients of everything that is trained. */
export function compileTraining(architecture: Architecture, options: LowerOptions): Compiled {
  const compiled = forward(architecture, { ...options, losses: true });
  const { graph, losses } = compiled;
  differentiate(graph, losses!, trainedNames(architecture));
  chainSums(graph);
  fuseMultiplyAdd(graph);
  return compiled;
}

function forward(architecture: Architecture, options: LowerOptions & { losses: boolean }): Compiled {
  const { graph } = lower(architecture, options);
  optimise(graph, architecture);
  const [logits] = graph.roots;
  return { graph, logits, losses: options.losses ? crossEntropy(graph, logits) : null };
}

export interface CompiledProbe {
  readonly graph: Graph;
  /** What the cells' equations define, by layer and name: `layers.0.h`. */
  readonly vectors: ReadonlyMap<string, Node>;
  /** The loss's gradients with respect to those that are states. */
  readonly gradients: ReadonlyMap<string, Node>;
}

/** To be looked into: everything that has a name keeps its place, and no parameter gets a gradient. */
export function compileProbe(architecture: Architecture): CompiledProbe {
  const { graph, vectors: lowered } = lower(architecture, { dropout: 0, batch: 1 });
  graph.roots.push(...lowered.values());
  optimise(graph, architecture);
  const [logits, ...kept] = graph.roots;
  const vectors = new Map([...lowered.keys()].map((name, index) => [name, kept[index]]));
  const losses = crossEntropy(graph, logits);
  const states = graph.states.filter(({ key }) => vectors.has(key));
  const everything = new Set(parameters(architecture).map(({ name }) => name));
  const found = differentiate(
    graph,
    losses,
    everything,
    states.map(({ node }) => node),
  );
  const gradients = new Map(
    states.flatMap(({ key, node }) => {
      const gradient = found.get(node);
      return gradient ? [[key, gradient] as const] : [];
    }),
  );
  graph.roots = [losses, ...kept, ...gradients.values()];
  chainSums(graph);
  return { graph, vectors, gradients };
}

function optimise(graph: Graph, architecture: Architecture): void {
  lookup(graph);
  flattenSums(graph);
  chainSums(graph);
  mergeSideBySide(graph, trainedNames(architecture));
}

function crossEntropy(graph: Graph, logits: Node): Node {
  const losses = graph.add({ kind: 'crossEntropy' }, [now(logits)], 1, 'step');
  // The logits need not outlast them.
  graph.roots = [losses];
  return losses;
}

const trainedNames = (architecture: Architecture): Set<string> =>
  new Set(parameters(architecture).flatMap(({ name, trained }) => (trained ? [name] : [])));
