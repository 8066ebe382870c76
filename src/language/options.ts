// What a `model` and a `train` section hold, and VS Code's settings with the same names. The types are what
// everything behind the language works with: complete, with every default filled in.

export interface LayerOptions {
  /** Name of a built-in cell, or of a cell in the same file or the workspace. */
  readonly cell: string;
  readonly hidden: number;
}

export interface ModelOptions {
  readonly tokens: 'auto' | 'characters' | 'words' | 'pieces';
  /** Width of the embedding; 0 is plain one-hot. */
  readonly embedding: number;
  readonly layers: readonly LayerOptions[];
  /** Share of each layer's output that is dropped while training (Zaremba et al. 2014: not between steps). */
  readonly dropout: number;
  /** The output layer's matrix is the embedding's (Press & Wolf 2017). */
  readonly tied: boolean;
  /** How the text is read: `backward` learns it from its end to its start. */
  readonly direction: 'forward' | 'backward';
}

export type Optimizer =
  | { readonly kind: 'sgd' }
  | { readonly kind: 'momentum' | 'nesterov'; readonly momentum: number }
  | { readonly kind: 'rmsprop'; readonly rho: number; readonly epsilon: number }
  | {
      readonly kind: 'adam' | 'adamw';
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      /** AdamW's decoupled decay (Loshchilov & Hutter 2019); 0 for Adam. */
      readonly weightDecay: number;
    };

export type Clipping =
  | { readonly kind: 'none' }
  /** Global norm of all gradients (Pascanu et al. 2013). */
  | { readonly kind: 'norm'; readonly threshold: number }
  /** The threshold is the mean norm of recent updates that were not clipped, times `factor`. */
  | { readonly kind: 'adaptive'; readonly factor: number };

export interface TrainOptions {
  /** Truncated BPTT (Williams & Peng 1990): steps between updates. */
  readonly k1: number;
  /** Steps that the gradient goes back. */
  readonly k2: number;
  readonly batch: number;
  /** Probability that a stream begins a window at h[0] instead of where it was (Melis, Dyer & Blunsom 2018). */
  readonly reset: number;
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  /** Updates over which the learning rate rises from 0. */
  readonly warmup: number;
  /** What the learning rate does after that, over the budget. */
  readonly decay: 'none' | 'linear' | 'cosine';
  readonly clipping: Clipping;
  readonly l1: number;
  readonly l2: number;
  /** The budget: whichever ends first; null is no limit. */
  readonly seconds: number | null;
  readonly epochs: number | null;
  /** The run ends early after so many looks at the held-out text that found nothing better; null never does. */
  readonly patience: number | null;
  readonly seed: number;
}
