// The activation functions of ONNX's recurrent operators, as expressions of the language of cells.
import { Problem } from '../../protocol/problem.ts';

export interface Activation {
  /** The name in ONNX, such as `HardSigmoid`. */
  readonly name: string;
  readonly alpha: number | null;
  readonly beta: number | null;
}

const simple: Readonly<Record<string, string>> = { sigmoid: 'σ', tanh: 'tanh', relu: 'relu' };

/** Writes a number so that it is the same in 32 bits, in few digits. */
export function numberText(value: number): string {
  const short = Number(value.toPrecision(7));
  return String(Math.fround(short) === Math.fround(value) ? short : value);
}

/** Returns whether the function is one of the language's, and may be applied to any expression. */
export const isSimple = ({ name }: Activation): boolean => Object.hasOwn(simple, name.toLowerCase());

/**
 * Writes the activation of `v`, which is a vector's name with a step unless the activation is simple.
 * @throws Problem when the language cannot say it
 */
export function activationText({ name, alpha, beta }: Activation, v: string): string {
  const a = (otherwise: number) => numberText(alpha ?? otherwise);
  const b = (otherwise: number) => numberText(beta ?? otherwise);
  const key = name.toLowerCase();
  if (Object.hasOwn(simple, key)) return `${simple[key]}(${v})`;
  switch (key) {
    case 'affine':
      return `${a(1)} * ${v} + ${b(0)}`;
    case 'leakyrelu':
      return `max(${v}, 0) + ${a(0.01)} * min(${v}, 0)`;
    case 'scaledtanh':
      return `${a(1)} * tanh(${b(1)} * ${v})`;
    case 'hardsigmoid':
      return `clip(${a(0.2)} * ${v} + ${b(0.5)}, 0, 1)`;
    case 'elu':
      return `max(${v}, 0) + ${a(1)} * (exp(min(${v}, 0)) - 1)`;
    case 'softsign':
      return `${v} / (1 + abs(${v}))`;
    case 'softplus':
      // The form that does not overflow.
      return `max(${v}, 0) + log(1 + exp(-abs(${v})))`;
    default:
      throw new Problem(
        `The activation ${JSON.stringify(name)} cannot be said in the language of cells: it has no function with a step.`,
      );
  }
}
