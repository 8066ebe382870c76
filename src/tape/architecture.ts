import type { CheckedCell } from '../language/cell.ts';
import { type Widths, widthOf } from '../language/widths.ts';

/**
 * Says how the last layer's vectors become outputs. With `every step`, the vector of each step gives the
 * logits of that step (many-to-many). With `pooled`, the mean or the maximum of a row's vectors so far gives
 * them, so that the logits of a row's last step are those of the whole row (many-to-one).
 */
export type HeadKind =
  | { readonly kind: 'every step' }
  | { readonly kind: 'pooled'; readonly pool: 'mean' | 'max' };

/** Cells of one kind, side by side, and how they read. */
export interface Layer {
  readonly cell: CheckedCell;
  readonly hidden: number;
  /**
   * Whether two cells of the same equations read the row, one from its start and one from its end, and the
   * layer's output is both of theirs side by side (Schuster & Paliwal 1997).
   */
  readonly bidirectional?: boolean;
}

/**
 * Says what is predicted of a step. `categorical` is one of `outputs` tokens or classes, by its softmax;
 * `gaussian` is `outputs` numbers, each by its mean and standard deviation (Bishop 2006, section 5.2; Nix &
 * Weigend 1994).
 */
export type Likelihood = 'categorical' | 'gaussian';

/** Cells over one another that read a sequence, or none, which hand on what they read. */
export interface Stack {
  /** The number of different tokens that are read, or the width of the vectors of numbers. */
  readonly inputs: number;
  /** The kind of input of a step, which is a token by default. Numbers are read as they are, without an embedding. */
  readonly input?: 'tokens' | 'numbers';
  /** The width of the embedding; 0 means one-hot vectors. */
  readonly embedding: number;
  /**
   * The number of tokens of a step, whose embeddings are summed, as those of a word and of its character n-grams
   * (Bojanowski et al. 2017). It is 1 where it is left out; there is an embedding where it is more.
   */
  readonly tokensPerStep?: number;
  readonly layers: readonly Layer[];
}

/**
 * A stack of cells between an embedding and an output layer, which is the head. Where it has an encoder it is an
 * encoder-decoder (Cho et al. 2014; Sutskever, Vinyals & Le 2014): its own layers are the decoder, which reads the
 * target so far and predicts its next token.
 */
export interface Architecture extends Stack {
  /** The number of classes or tokens of which one is predicted, or of numbers that are predicted. */
  readonly outputs: number;
  /**
   * Whether the output layer's matrix is the embedding's. The embedding is then as wide as the last layer's
   * output, and there are as many outputs as inputs.
   */
  readonly tied: boolean;
  readonly head: HeadKind;
  /** The distribution that the head predicts, which is categorical by default. */
  readonly likelihood?: Likelihood;
  /**
   * The layers that read the source. The decoder's cells read its output at position s as m[s], and as `given` what its last
   * layer's cells put out when they have read the whole source, side by side. Without layers it hands on embeddings,
   * such as that of a category.
   */
  readonly encoder?: Stack;
}

/**
 * Returns the width of the output layer: a logit for each token or class, or the means of all numbers and then the
 * logarithms of their standard deviations.
 */
export const outputLayerWidth = ({ outputs, likelihood }: Architecture): number =>
  likelihood === 'gaussian' ? 2 * outputs : outputs;

/** A stack within its network. */
export type PlacedStack = Stack & Pick<Architecture, 'outputs' | 'encoder'>;

/** The beginning of the names of an encoder's parameters and vectors. */
export const encoderRole = 'encoder.';

/** Returns the encoder as a stack of the network; null where there is none. */
export const encoderOf = ({ encoder, outputs }: PlacedStack): PlacedStack | null =>
  encoder ? { ...encoder, outputs } : null;

/** Returns the widths of the cell language in layer `index`; m is that of m[s] and of `given`. */
export function layerWidths(stack: PlacedStack, index: number): Widths {
  const x = index === 0 ? inputWidth(stack) : outputWidth(stack, index - 1);
  const encoder = encoderOf(stack);
  return { x, h: stack.layers[index].hidden, y: stack.outputs, ...(encoder && { m: outputWidth(encoder) }) };
}

/** Returns the width of what the first layer reads. */
const inputWidth = ({ embedding, inputs }: Stack): number => embedding || inputs;

/** Returns the width of the output of layer `index`, which the next layer or the head reads. */
export function outputWidth(stack: PlacedStack, index = stack.layers.length - 1): number {
  if (index < 0) return inputWidth(stack);
  const { cell, bidirectional } = stack.layers[index];
  const { width } = cell.equations.find(({ name }) => name === cell.output)!;
  return widthOf(width, layerWidths(stack, index)) * (bidirectional ? 2 : 1);
}

/** Returns the number of tokens that a network reads at each step. */
export const tokensOfStep = ({ tokensPerStep }: Pick<Stack, 'tokensPerStep'>): number => tokensPerStep ?? 1;

/** Whether some layer reads each row from its end too, so that whole rows are needed and no state is carried. */
export const readsBothWays = ({ layers }: Pick<Stack, 'layers'>): boolean =>
  layers.some(({ bidirectional }) => bidirectional);

/** One cell of a layer: a bidirectional layer has two, which differ in direction and weights. */
export interface DirectedCell {
  readonly cell: CheckedCell;
  readonly widths: Widths;
  /** The beginning of the names of its weights and vectors, such as `layers.0.` or `layers.0.backward.`. */
  readonly prefix: string;
  readonly backward: boolean;
}

/**
 * Returns the cells of layer `index`, whose outputs stand side by side in this order.
 * @param role the beginning of the names of the stack's parameters: `encoder.`, or nothing
 */
export function cellsOf(stack: PlacedStack, index: number, role = ''): readonly DirectedCell[] {
  const { cell, bidirectional } = stack.layers[index];
  const widths = layerWidths(stack, index);
  const directed = (direction: string, backward: boolean) => ({
    cell,
    widths,
    prefix: `${role}layers.${index}.${direction}`,
    backward,
  });
  return bidirectional ? [directed('forward.', false), directed('backward.', true)] : [directed('', false)];
}
