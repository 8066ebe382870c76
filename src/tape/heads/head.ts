import type { Architecture } from '../architecture.ts';
import type { Graph, Node } from '../graph.ts';
import type { ParameterDescription } from '../parameterDescription.ts';

/** Defines the end of a network for one kind of head: its parameters, its part of the graph, and the loss. */
export interface Head {
  /** Lists the parameters that the head adds to those of the layers. */
  parameters(architecture: Architecture): ParameterDescription[];
  /**
   * Adds the head to the graph of one step.
   * @param x the last layer's output, [rows × outputWidth]
   * @returns the logits, [rows × outputs]
   */
  lower(graph: Graph, x: Node, architecture: Architecture): Node;
  /** Adds the loss. @returns the loss of each row in nats, 0 where its target is not counted */
  loss(graph: Graph, logits: Node): Node;
}
