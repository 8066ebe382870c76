// The options of the sections, and of VS Code's settings with the same names. Everything
// behind the language works with these types: they are complete, with every default filled in.

export interface LayerOptions {
  /** The name of a built-in cell, or of a cell in the same file or the workspace. */
  readonly cell: string;
  readonly hidden: number;
  /** Whether a second cell reads each row from its end (Schuster & Paliwal 1997). */
  readonly bidirectional?: boolean;
}

export interface ModelOptions {
  readonly tokens: 'auto' | 'characters' | 'words' | 'pieces';
  /** The width of the embedding; 0 means one-hot vectors. */
  readonly embedding: number;
  readonly layers: readonly LayerOptions[];
  /** The layers that read the source of an encoder-decoder, whose decoder is `layers`. */
  readonly encoder: readonly LayerOptions[];
  /**
   * The share of each layer's output that is dropped in training (Zaremba et al. 2014: not between steps).
   */
  readonly dropout: number;
  /** Whether the output layer's matrix is the embedding's (Press & Wolf 2017). */
  readonly tied: boolean;
  /** The direction in which the text is read: `backward` learns it from its end to its start. */
  readonly direction: 'forward' | 'backward';
  /** The pooling of the last layer's vectors into a row's one output; `auto` lets the task choose. */
  readonly pool: 'auto' | Pool;
}

/** The last vector of a row, or the mean or the maximum of all of them, unit by unit. */
export type Pool = 'last' | 'mean' | 'max';

/** The task of a file's network. Columns are null where they are to be found in the table. */
export interface TaskOptions {
  readonly kind: 'acceptor' | 'regressor' | 'transducer' | 'encoder-decoder' | 'forecaster';
  readonly reads: readonly string[] | null;
  readonly writes: readonly string[] | null;
  /** The steps whose losses count: all of them, or so many at the end of a row; null lets the task choose. */
  readonly teach: Teach | null;
}

export type Teach = 'every step' | number;

/** The optimizers that make a step of a gradient. */
export type GradientOptimizer =
  | { readonly kind: 'sgd' }
  | {
      readonly kind: 'momentum' | 'nesterov';
      readonly momentum: number;
      /** Whether the momentum rises to its value (Sutskever et al. 2013); otherwise it stays the same. */
      readonly schedule?: 'rising';
    }
  | { readonly kind: 'rmsprop'; readonly rho: number; readonly epsilon: number }
  | {
      readonly kind: 'adam' | 'adamw';
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      /** AdamW's decoupled decay (Loshchilov & Hutter 2019); 0 for Adam. */
      readonly weightDecay: number;
    };

/** Hessian-free optimisation (Martens 2010; Martens & Sutskever 2011). */
export interface HessianFreeOptimizer {
  readonly kind: 'hessian-free';
  /** The damping λ of the first update, which then follows the reduction ratio. */
  readonly damping: number;
  /** μ: how much changes of the hidden states are damped, in multiples of the damping; 0 for not at all. */
  readonly structuralDamping: number;
  /** The most iterations of conjugate gradients in an update. */
  readonly iterations: number;
}

export type Optimizer =
  | GradientOptimizer
  | HessianFreeOptimizer
  /** The output layer is solved, with this penalty on its squared weights (Hoerl & Kennard 1970). */
  | { readonly kind: 'ridge'; readonly penalty: number };

export type Clipping =
  | { readonly kind: 'none' }
  /** The global norm of all gradients is limited to the threshold (Pascanu et al. 2013). */
  | { readonly kind: 'norm'; readonly threshold: number }
  /** The threshold is the mean norm of recent updates that were not clipped, times `factor`. */
  | { readonly kind: 'adaptive'; readonly factor: number };

/**
 * Returns what an engine is to train with. Where the output layer is solved, or updates are not steps of a gradient, the
 * engine makes none itself.
 */
export const gradientOptimizer = (optimizer: Optimizer): GradientOptimizer =>
  optimizer.kind === 'ridge' || optimizer.kind === 'hessian-free' ? { kind: 'sgd' } : optimizer;

export interface TrainOptions {
  /** The steps between two updates of truncated BPTT (Williams & Peng 1990). */
  readonly k1: number;
  /** The number of steps that the gradient goes back. */
  readonly k2: number;
  readonly batch: number;
  /**
   * The probability that a stream begins a window at h[0] instead of its carried state (Melis, Dyer & Blunsom
   * 2018).
   */
  readonly reset: number;
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  /** The number of updates over which the learning rate rises from 0. */
  readonly warmup: number;
  /** The schedule of the learning rate after warm-up, over the budget. */
  readonly decay: 'none' | 'linear' | 'cosine';
  readonly clipping: Clipping;
  /** Whether a run that diverges goes back to its best state; otherwise it explodes until it ends in no number. */
  readonly recover: boolean;
  readonly l1: number;
  readonly l2: number;
  /**
   * The weight of a row of a class: all the same, or n / (k · n_c) of n rows, k classes and n_c rows of the class, so
   * that rare classes teach as much as frequent ones (King & Zeng 2001).
   */
  readonly classWeights: 'none' | 'balanced';
  /**
   * The probability, at the end of the budget, with which the decoder reads what it has written itself instead of the
   * true token (Bengio et al. 2015); it rises from 0.
   */
  readonly scheduledSampling: number;
  /** Whether the dropout rate is the same in all updates, or rises from 0 as the text is read again and again. */
  readonly dropoutSchedule: 'constant' | 'rising';
  /** The budget, which ends at whichever limit comes first; null is no limit. */
  readonly seconds: number | null;
  readonly epochs: number | null;
  /** The number of validations without a better state after which the run ends early; null never ends it. */
  readonly patience: number | null;
  readonly seed: number;
}
