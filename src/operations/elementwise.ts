// The element-wise operations, each once: what it is called, its value, and its derivative beside it. The
// language, the tape, the engines and the export read here what they need of one. The SIMD code is in
// kernels/assembly/elementwise.ts.

/** The values and operations of which a derivative is made. A `V` is any kind of value: a read of the graph's node, or a number. */
export interface Local<V> {
  /** The loss's derivative with respect to the result. */
  readonly dy: V;
  /** The result. */
  readonly y: V;
  /** The operands. */
  readonly inputs: readonly V[];
  apply<K extends Elementwise>(operation: K, ...operands: Each<OperandsOf<K>, V>): V;
  constant(value: number): V;
}

/** The gradient of each operand, in order. */
type Gradients<V> = readonly V[];

interface Operation {
  readonly value: (...operands: number[]) => number;
}

/** The notation of a function in a cell. */
export interface Word {
  readonly alias?: string;
  readonly arguments: readonly string[];
  /** The description that the editor shows in hovers and completions. */
  readonly description: string;
}

/** Returns the gradient of each operand, in order. */
export type Gradient = <V>(local: Local<V>) => readonly V[];

interface Differentiable extends Operation {
  /** Absent for what is written as an operator. */
  readonly word?: Word;
  readonly gradient: Gradient;
  /** The operation in TensorFlow's GraphDef. */
  readonly graphDef: string;
  /** The function of PyTorch. */
  readonly torch: string;
  /** The operator in ONNX. */
  readonly onnx: string;
}

// A comment at a gradient says which values the backward pass reads, because those are saved.

const unary = {
  negate: {
    value: (v: number) => -v,
    gradient: <V>({ dy, apply }: Local<V>): Gradients<V> => [apply('negate', dy)],
    graphDef: 'Neg',
    torch: 'torch.neg',
    onnx: 'Neg',
  },
  sigmoid: {
    word: { alias: 'σ', arguments: ['v'], description: '1 / (1 + exp(-v))' },
    value: (v: number) => 1 / (1 + Math.exp(-v)),
    /** Saves the value. */
    gradient: <V>({ dy, y, apply }: Local<V>): Gradients<V> => [apply('sigmoidGradient', dy, y)],
    graphDef: 'Sigmoid',
    torch: 'torch.sigmoid',
    onnx: 'Sigmoid',
  },
  tanh: {
    word: { arguments: ['v'], description: 'hyperbolic tangent' },
    value: (v: number) => Math.tanh(v),
    /** Saves the value. */
    gradient: <V>({ dy, y, apply }: Local<V>): Gradients<V> => [apply('tanhGradient', dy, y)],
    graphDef: 'Tanh',
    torch: 'torch.tanh',
    onnx: 'Tanh',
  },
  sin: {
    word: { arguments: ['v'], description: 'sine, of an angle in radians' },
    value: (v: number) => Math.sin(v),
    /** Saves the operand. */
    gradient: <V>({ dy, inputs: [a], apply }: Local<V>): Gradients<V> => [
      apply('multiply', dy, apply('cos', a)),
    ],
    graphDef: 'Sin',
    torch: 'torch.sin',
    onnx: 'Sin',
  },
  cos: {
    word: { arguments: ['v'], description: 'cosine, of an angle in radians' },
    value: (v: number) => Math.cos(v),
    /** Saves the operand. */
    gradient: <V>({ dy, inputs: [a], apply }: Local<V>): Gradients<V> => [
      apply('negate', apply('multiply', dy, apply('sin', a))),
    ],
    graphDef: 'Cos',
    torch: 'torch.cos',
    onnx: 'Cos',
  },
  relu: {
    word: { arguments: ['v'], description: 'v where it is positive, else 0' },
    value: (v: number) => Math.max(v, 0),
    /** Saves the value. */
    gradient: <V>({ dy, y, apply, constant }: Local<V>): Gradients<V> => [
      apply('keepGreater', dy, y, constant(0)),
    ],
    graphDef: 'Relu',
    torch: 'torch.relu',
    onnx: 'Relu',
  },
  exp: {
    word: { arguments: ['v'], description: 'e to the power of v' },
    value: (v: number) => Math.exp(v),
    /** Saves the value. */
    gradient: <V>({ dy, y, apply }: Local<V>): Gradients<V> => [apply('multiply', dy, y)],
    graphDef: 'Exp',
    torch: 'torch.exp',
    onnx: 'Exp',
  },
  log: {
    word: { arguments: ['v'], description: 'natural logarithm' },
    value: (v: number) => Math.log(v),
    /** Saves the operand. */
    gradient: <V>({ dy, inputs: [a], apply }: Local<V>): Gradients<V> => [apply('divide', dy, a)],
    graphDef: 'Log',
    torch: 'torch.log',
    onnx: 'Log',
  },
  sqrt: {
    word: { arguments: ['v'], description: 'square root' },
    value: (v: number) => Math.sqrt(v),
    /** Saves the value. */
    gradient: <V>({ dy, y, apply, constant }: Local<V>): Gradients<V> => [
      apply('divide', apply('multiply', dy, constant(0.5)), y),
    ],
    graphDef: 'Sqrt',
    torch: 'torch.sqrt',
    onnx: 'Sqrt',
  },
  abs: {
    word: { arguments: ['v'], description: 'v without its sign' },
    value: (v: number) => Math.abs(v),
    /** Saves the operand. */
    gradient: <V>({ dy, inputs: [a], apply }: Local<V>): Gradients<V> => [
      apply('multiply', dy, apply('sign', a)),
    ],
    graphDef: 'Abs',
    torch: 'torch.abs',
    onnx: 'Abs',
  },
};

const binary = {
  add: {
    value: (a: number, b: number) => a + b,
    gradient: <V>({ dy }: Local<V>): Gradients<V> => [dy, dy],
    graphDef: 'AddV2',
    torch: 'torch.add',
    onnx: 'Add',
  },
  subtract: {
    value: (a: number, b: number) => a - b,
    gradient: <V>({ dy, apply }: Local<V>): Gradients<V> => [dy, apply('negate', dy)],
    graphDef: 'Sub',
    torch: 'torch.sub',
    onnx: 'Sub',
  },
  multiply: {
    value: (a: number, b: number) => a * b,
    /** Saves both factors. */
    gradient: <V>({ dy, inputs: [a, b], apply }: Local<V>): Gradients<V> => [
      apply('multiply', dy, b),
      apply('multiply', dy, a),
    ],
    graphDef: 'Mul',
    torch: 'torch.mul',
    onnx: 'Mul',
  },
  divide: {
    value: (a: number, b: number) => a / b,
    /** Saves the value and the divisor. */
    gradient: <V>({ dy, y, inputs: [, b], apply }: Local<V>): Gradients<V> => {
      const quotient = apply('divide', dy, b);
      return [quotient, apply('negate', apply('multiply', quotient, y))];
    },
    graphDef: 'RealDiv',
    torch: 'torch.div',
    onnx: 'Div',
  },
  power: {
    value: (a: number, b: number) => a ** b,
    /**
     * Saves both operands and the value. The base gets b·a^(b-1) and not b·y/a, which is wrong at 0. The
     * exponent gets a gradient only where a > 0.
     */
    gradient: <V>({ dy, y, inputs: [a, b], apply, constant }: Local<V>): Gradients<V> => {
      const lower = apply('power', a, apply('subtract', b, constant(1)));
      const slope = apply('multiply', y, apply('log', a));
      return [
        apply('multiply', apply('multiply', dy, b), lower),
        apply('keepGreater', apply('multiply', dy, slope), a, constant(0)),
      ];
    },
    graphDef: 'Pow',
    torch: 'torch.pow',
    onnx: 'Pow',
  },
  min: {
    word: { arguments: ['v', 'w'], description: 'the smaller of the two, unit by unit' },
    value: (a: number, b: number) => Math.min(a, b),
    /** Saves both operands; where they are equal, the first gets the whole gradient. */
    gradient: <V>({ dy, inputs: [a, b], apply }: Local<V>): Gradients<V> => [
      apply('keepLessEqual', dy, a, b),
      apply('keepGreater', dy, a, b),
    ],
    graphDef: 'Minimum',
    torch: 'torch.minimum',
    onnx: 'Min',
  },
  max: {
    word: { arguments: ['v', 'w'], description: 'the larger of the two, unit by unit' },
    value: (a: number, b: number) => Math.max(a, b),
    /** Saves both operands; where they are equal, the first gets the whole gradient. */
    gradient: <V>({ dy, inputs: [a, b], apply }: Local<V>): Gradients<V> => [
      apply('keepLessEqual', dy, b, a),
      apply('keepGreater', dy, b, a),
    ],
    graphDef: 'Maximum',
    torch: 'torch.maximum',
    onnx: 'Max',
  },
};

/** Operations that no cell writes: lowering, derivatives and passes make them. */
const internal = {
  copy: { value: (a: number) => a },
  /** The sign: -1, 0 or 1. */
  sign: { value: (a: number) => (a > 0 ? 1 : a < 0 ? -1 : 0) },
  /** The derivative of y = sigmoid(x), times dy. */
  sigmoidGradient: { value: (dy: number, y: number) => dy * y * (1 - y) },
  /** The derivative of y = tanh(x), times dy. */
  tanhGradient: { value: (dy: number, y: number) => dy * (1 - y * y) },
  /** a where b ≤ c, otherwise 0. */
  keepLessEqual: { value: (a: number, b: number, c: number) => (b <= c ? a : 0) },
  /** a where b > c, otherwise 0. */
  keepGreater: { value: (a: number, b: number, c: number) => (b > c ? a : 0) },
  multiplyAdd: { value: (a: number, b: number, c: number) => a * b + c },
};

const all = { ...unary, ...binary, ...internal };

export type UnaryName = keyof typeof unary;
export type BinaryName = keyof typeof binary;
export type Elementwise = keyof typeof all;

type OperandsOf<K extends Elementwise> = Parameters<(typeof all)[K]['value']>;
type Each<T extends readonly unknown[], V> = { [I in keyof T]: V };

/** The names of the operations with this number of operands. */
export type WithOperands<Count extends number> = {
  [K in Elementwise]: OperandsOf<K>['length'] extends Count ? K : never;
}[Elementwise];

/** The functions and operators of one vector, `f(v)`. */
export const unaryOperations: Readonly<Record<UnaryName, Differentiable>> = unary;
/** The functions and operators of two vectors. */
export const binaryOperations: Readonly<Record<BinaryName, Differentiable>> = binary;
/** All element-wise operations. */
export const elementwise: Readonly<Record<Elementwise, Operation>> = all;

export const isUnary = (name: string): name is UnaryName => Object.hasOwn(unary, name);
export const isBinary = (name: string): name is BinaryName => Object.hasOwn(binary, name);
export const isElementwise = (name: string): name is Elementwise => Object.hasOwn(all, name);
