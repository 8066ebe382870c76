// Compiles an architecture to a graph and applies all passes.
import type { CheckedCell, Equation } from '../language/cell.ts';
import type { Widths } from '../language/widths.ts';
import { type Architecture, cellsOf } from './architecture.ts';
import { differentiate } from './differentiate.ts';
import { type Graph, type Node, now } from './graph.ts';
import { headOf } from './heads/index.ts';
import { type LowerOptions, lower, lowerRecurrence } from './lower.ts';
import { cellParameters, parameters } from './parameters.ts';
import { fuseMultiplyAdd } from './passes/fuse.ts';
import { lookup } from './passes/lookup.ts';
import { mergeSideBySide } from './passes/merge.ts';
import { chainSums, flattenSums, separateSums } from './passes/sums.ts';
import { stochasticNames } from './stochastic.ts';
import { addTangents } from './tangents.ts';

/** The graph of a network, to which all passes have been applied. */
export interface Compiled {
  readonly graph: Graph;
  /** The logits, which are kept in memory only where no losses were asked for. */
  readonly logits: Node;
  /** The loss of each row, or null where no losses were asked for. */
  readonly losses: Node | null;
}

/** Compiles the forward pass of a step, with its losses if they are asked for. */
export function compileForward(
  architecture: Architecture,
  options: LowerOptions & { losses: boolean },
): Compiled {
  const compiled = forward(architecture, options);
  fuseMultiplyAdd(compiled.graph);
  return compiled;
}

/** Compiles the forward pass and the gradients of all trained parameters. */
export function compileTraining(architecture: Architecture, options: LowerOptions): Compiled {
  const compiled = forward(architecture, { ...options, losses: true });
  const { graph, losses } = compiled;
  differentiate(graph, new Map([[losses!, null]]), { trained: trainedNames(architecture) });
  chainSums(graph);
  fuseMultiplyAdd(graph);
  return compiled;
}

/** The graph of a cell by itself, with its backward pass. */
export interface CompiledRecurrence {
  readonly graph: Graph;
  /** The input of width x, which the caller gives. */
  readonly x: Node;
  /** The output, which the layer above reads. */
  readonly output: Node;
  /** The gradients of the output and the states, which the caller gives after the first half of a run. */
  readonly outputGradients: ReadonlyMap<Node, Node>;
  /** The input's gradient; null where the output does not depend on it. */
  readonly dx: Node | null;
}

/**
 * Compiles a cell without a network around it; the caller gives its input and the gradients of its results.
 */
export function compileRecurrence(cell: CheckedCell, widths: Widths): CompiledRecurrence {
  const { graph, x } = lowerRecurrence(cell, widths);
  const trained = new Set(
    cellParameters(cell, widths).flatMap(({ name, trained }) => (trained ? [name] : [])),
  );
  optimise(graph, trained, stochasticNames(cellParameters(cell, widths)));
  const [output] = graph.roots;
  const handedOn = new Set([output, ...graph.states.map(({ node }) => node)]);
  const outputGradients = new Map(
    [...handedOn].map((node) => [node, graph.add({ kind: 'given', name: 'dy' }, [], node.width, 'step')]),
  );
  const gradients = differentiate(graph, outputGradients, { trained, watched: [x], carried: true });
  chainSums(graph);
  fuseMultiplyAdd(graph);
  return { graph, x, output, outputGradients, dx: gradients.get(x) ?? null };
}

function forward(architecture: Architecture, options: LowerOptions & { losses: boolean }): Compiled {
  const { graph } = lower(architecture, options);
  optimise(graph, trainedNames(architecture), stochasticNames(parameters(architecture)));
  const [logits] = graph.roots;
  return { graph, logits, losses: options.losses ? lossOf(architecture, graph, logits) : null };
}

/** The graph of an encoder-decoder that writes a target. */
export interface CompiledTarget extends Compiled {
  /** The weights of each position, a[t,s], by layer and name: `layers.0.a`. */
  readonly attention: ReadonlyMap<string, Node>;
}

/** Compiles the forward pass of an encoder-decoder; the weights of its positions keep their locations. */
export function compileTarget(architecture: Architecture): CompiledTarget {
  const { graph, vectors } = lower(architecture, { dropout: false, batch: 1 });
  const names = attentionNames(architecture);
  graph.roots.push(...names.map((name) => vectors.get(name)!));
  optimise(graph, trainedNames(architecture), stochasticNames(parameters(architecture)));
  const [logits, ...kept] = graph.roots;
  fuseMultiplyAdd(graph);
  return { graph, logits, losses: null, attention: new Map(names.map((name, index) => [name, kept[index]])) };
}

/** Returns the names of the vectors that say where a decoder looks, such as `layers.0.a` of a[t,s]. */
export const attentionNames = ({ layers }: Architecture): string[] =>
  layers.flatMap(({ cell }, index) =>
    cell.equations.filter(isAttention).map(({ name }) => `layers.${index}.${name}`),
  );

/** Whether a vector is one weight for each position at each step. */
const isAttention = ({ index, width, value }: Equation): boolean =>
  index === 't,s' && width === 1 && value.kind === 'over' && value.function === 'softmax';

/** The graph of a network whose vectors and their gradients are read. */
export interface CompiledProbe {
  readonly graph: Graph;
  /** The vectors that the cells' equations define, by layer and name: `layers.0.h`. */
  readonly vectors: ReadonlyMap<string, Node>;
  /** The loss's gradients with respect to the vectors that are states. */
  readonly gradients: ReadonlyMap<string, Node>;
  /** The same for the vectors that cells which read from the end hand to the step before. */
  readonly backward: ReadonlyMap<string, Node>;
}

/**
 * Compiles a network for inspection: every named vector keeps its location, and no parameter gets a gradient.
 */
export function compileProbe(architecture: Architecture): CompiledProbe {
  const { graph, vectors: lowered } = lower(architecture, { dropout: false, batch: 1 });
  graph.roots.push(...lowered.values());
  optimise(graph, trainedNames(architecture), stochasticNames(parameters(architecture)));
  const [logits, ...kept] = graph.roots;
  const vectors = new Map([...lowered.keys()].map((name, index) => [name, kept[index]]));
  const losses = lossOf(architecture, graph, logits);
  const states = graph.states.filter(({ key }) => vectors.has(key));
  const handed = architecture.layers.flatMap((_, index) =>
    cellsOf(architecture, index).flatMap(({ cell, prefix, backward }) =>
      cell.equations.flatMap(({ name, maxLag }) => {
        const node = backward && maxLag > 0 ? vectors.get(prefix + name) : undefined;
        return node ? [[prefix + name, node] as const] : [];
      }),
    ),
  );
  const everything = new Set(parameters(architecture).map(({ name }) => name));
  const found = differentiate(graph, new Map([[losses, null]]), {
    trained: everything,
    watched: [...states.map(({ node }) => node), ...handed.map(([, node]) => node)],
  });
  const gradients = new Map(
    states.flatMap(({ key, node }) => {
      const gradient = found.get(node);
      return gradient ? [[key, gradient] as const] : [];
    }),
  );
  const backward = new Map(
    handed.flatMap(([name, node]) => {
      const gradient = found.get(node);
      return gradient ? [[name, gradient] as const] : [];
    }),
  );
  graph.roots = [losses, ...kept, ...gradients.values(), ...backward.values()];
  chainSums(graph);
  return { graph, vectors, gradients, backward };
}

/** The name of the one number that weighs the tangents of hidden states: structural damping. */
export const structuralWeight = 'structuralDamping';

/** Lowers a network with tangents along its trained parameters. */
export function compileTangents(architecture: Architecture, options: LowerOptions) {
  const { graph, vectors } = lower(architecture, options);
  const trained = trainedNames(architecture);
  optimise(graph, trained, stochasticNames(parameters(architecture)));
  const [logits] = graph.roots;
  /** The states that the cells' equations define. */
  const states = graph.states.filter(({ key }) => vectors.has(key));
  const tangentOf = addTangents(graph, { parameters: trained, state: () => false });
  return { graph, logits, states, tangentOf };
}

/**
 * Compiles the product of the Gauss-Newton matrix with a vector of parameters: the tangent of the logits, times the
 * curvature of the loss there, goes back through the same graph (Schraudolph 2002; Martens 2010). The product stands
 * where gradients do.
 *
 * With `structural`, changes of the hidden states are damped too: the Gauss-Newton matrix of half their squared
 * distance, times the parameter `structuralWeight`, is added (Martens & Sutskever 2011).
 */
export function compileCurvature(
  architecture: Architecture,
  options: LowerOptions & { readonly structural: boolean },
): { readonly graph: Graph } {
  const { graph, logits, states, tangentOf } = compileTangents(architecture, options);
  const tangent = tangentOf(logits);
  const ends = new Map<Node, Node>();
  if (tangent) {
    const ofEachRow =
      tangent.per === 'step' ? tangent : graph.add({ kind: 'copy' }, [now(tangent)], tangent.width, 'step');
    ends.set(logits, headOf(architecture).curvature(graph, logits, ofEachRow));
  }
  if (options.structural)
    for (const { node } of states) {
      const moved = tangentOf(node);
      if (moved) ends.set(node, structurallyDamped(graph, moved));
    }
  graph.roots = [...ends.keys(), ...ends.values()];
  const forward = graph.roots.length;
  differentiate(graph, ends, { trained: trainedNames(architecture) });
  graph.roots = graph.roots.slice(forward);
  chainSums(graph);
  fuseMultiplyAdd(graph);
  return { graph };
}

function structurallyDamped(graph: Graph, tangent: Node): Node {
  const { width } = tangent;
  const weight = graph.add({ kind: 'parameter', names: [structuralWeight] }, [], 1, 'once');
  const weights = graph.add({ kind: 'broadcast' }, [now(weight)], width, 'once');
  const mask = graph.add({ kind: 'paddingMask' }, [], width, 'step');
  const counted = graph.add({ kind: 'multiply' }, [now(tangent), now(mask)], width, 'step');
  return graph.add({ kind: 'multiply' }, [now(counted), now(weights)], width, 'step');
}

/**
 * Compiles one step of a network's states, beside the tangents of those that carry something of earlier steps: what it
 * carries and what depends on that, but nothing of the head.
 */
export function compileStateTangents(architecture: Architecture): { readonly graph: Graph } {
  const { graph, vectors } = lower(architecture, { dropout: false, batch: 1 });
  optimise(graph, trainedNames(architecture), stochasticNames(parameters(architecture)));
  graph.roots = [];
  graph.states.splice(
    0,
    graph.states.length,
    ...graph.states.filter(({ key }) => key === 'y' || key.endsWith('.x') || vectors.has(key)),
  );
  addTangents(graph, { parameters: new Set(), state: () => true });
  chainSums(graph);
  fuseMultiplyAdd(graph);
  return { graph };
}

function optimise(graph: Graph, trained: ReadonlySet<string>, apart: ReadonlySet<string>): void {
  lookup(graph);
  flattenSums(graph);
  separateSums(graph);
  chainSums(graph);
  mergeSideBySide(graph, trained, apart);
}

function lossOf(architecture: Architecture, graph: Graph, logits: Node): Node {
  const losses = headOf(architecture).loss(graph, logits);
  // The logits need not be kept once the losses are computed.
  graph.roots = [losses];
  return losses;
}

const trainedNames = (architecture: Architecture): Set<string> =>
  new Set(parameters(architecture).flatMap(({ name, trained }) => (trained ? [name] : [])));
