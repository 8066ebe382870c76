import type { Architecture } from '../architecture.ts';
import type { Graph, Node } from '../graph.ts';
import type { ParameterDescription } from '../parameterDescription.ts';

/** Defines how the last layer's vectors become outputs: the parameters, and the part of the graph. */
export interface OutputLayer {
  /** Lists the parameters that the head adds to those of the layers. */
  parameters(architecture: Architecture): ParameterDescription[];
  /**
   * Adds the output layer to the graph of one step.
   * @param x the last layer's output, [rows × outputWidth]
   * @returns the logits, or what else the likelihood reads, [rows × outputLayerWidth]
   */
  lower(graph: Graph, x: Node, architecture: Architecture): Node;
}

/** Defines what the outputs say of the targets. */
export interface Prediction {
  /** Adds what a cell reads as y: the probabilities, or the means, [rows × outputs]. */
  expected(graph: Graph, logits: Node): Node;
  /** Adds the loss. @returns the loss of each row in nats, 0 where its target is not counted */
  loss(graph: Graph, logits: Node): Node;
  /**
   * Adds the product of the loss's Fisher information with respect to the logits and a vector, times the weight of the
   * target; it is the Hessian where the distribution is of an exponential family with the logits as natural parameters
   * (Martens 2014).
   * @param vector [rows × outputLayerWidth] @returns [rows × outputLayerWidth]
   */
  curvature(graph: Graph, logits: Node, vector: Node): Node;
}

/** The end of a network. */
export type Head = OutputLayer & Prediction;
