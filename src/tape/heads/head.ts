import type { Architecture } from '../architecture.ts';
import type { Graph, Node } from '../graph.ts';
import type { ParameterDescription } from '../parameterDescription.ts';

/** The end of a network: its parameters, their place in the graph, and the loss, for one kind of head. */
export interface Head {
  /** Those that the head adds to the layers' own. */
  parameters(architecture: Architecture): ParameterDescription[];
  /**
   * Adds the head to the graph of one step.
   * @param x what the last layer hands on, [rows × outputWidth]
   * @returns the logits, [rows × outputs]
   */
  lower(graph: Graph, x: Node, architecture: Architecture): Node;
  /** @returns the loss of each row in nats, 0 where its target is not counted */
  loss(graph: Graph, logits: Node): Node;
}
