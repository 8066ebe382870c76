// Turns the right-hand side of an equation into an expression of PyTorch that reads as it does.
import type { Node } from '../../language/syntax/syntax.ts';
import { walk } from '../../language/syntax/walk.ts';
import { functions, given } from '../../language/words.ts';
import { binaryOperations, unaryOperations } from '../../operations/elementwise.ts';
import { overPositions } from './overPositions.ts';
import { type PythonNames, pythonNumber } from './pythonNames.ts';

/** The properties of a cell that its expressions depend on. */
export interface ExpressionScope {
  readonly names: PythonNames;
  /** The names of stochastic matrices. */
  readonly stochastic: ReadonlySet<string>;
  /** The values of constants by name. */
  readonly constants: ReadonlyMap<string, number>;
  /** Takes the constants that the expression names. */
  readonly usesConstant: (name: string) => void;
  /** Takes what an expression reads of the source, by its name in Python: `given`, `m`, `mask`. */
  readonly usesSource: (name: string) => void;
  /** Computes a product once for a source, as it does not depend on the step; null where all is computed once. */
  readonly once: ((product: Extract<Node, { kind: 'product' }>) => Python) | null;
}

export interface Python {
  readonly code: string;
  /** The value, if it is a number for all units. */
  readonly number: number | null;
  /** Whether the value has a row for each stream; a parameter has none. */
  readonly hasRows: boolean;
  /** Whether the value is one for each position of the source, [B, S, …]. */
  readonly hasPositions: boolean;
}

/** The axes of a value that has neither rows nor positions. */
const forAll = { hasRows: false, hasPositions: false } as const;

const operators = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '^': 'power',
} as const;

export function expression(node: Node, scope: ExpressionScope): Python {
  switch (node.kind) {
    case 'number':
      return { code: pythonNumber(node.text), number: node.value, ...forAll };
    case 'name': {
      if (node.text === given) {
        scope.usesSource(given);
        return { code: given, number: null, hasRows: true, hasPositions: false };
      }
      const number = scope.constants.get(node.text);
      if (number === undefined)
        return { code: `self.${scope.names.parameter(node.text)}`, number: null, ...forAll };
      scope.usesConstant(node.text);
      return { code: scope.names.constant(node.text), number, ...forAll };
    }
    case 'at': {
      const code = scope.names.vector(node.name.text, node.lag);
      if (node.index === 's') scope.usesSource(code);
      return { code, number: null, hasRows: true, hasPositions: node.index !== 't' };
    }
    case 'group': {
      const inner = expression(node.inner, scope);
      return { ...inner, code: `(${inner.code})` };
    }
    case 'product': {
      if (scope.once && isOnce(node.operand)) return scope.once(node);
      const { code, hasRows, hasPositions } = expression(node.operand, scope);
      // The operand's own parentheses are those of the call.
      const operand = node.operand.kind === 'group' ? code.slice(1, -1) : code;
      const free = `self.${scope.names.parameter(node.matrix.text)}`;
      const matrix = scope.stochastic.has(node.matrix.text) ? `torch.softmax(${free}, 0)` : free;
      const transpose = node.transpose === null ? '' : '.T';
      return { code: `F.linear(${operand}, ${matrix}${transpose})`, number: null, hasRows, hasPositions };
    }
    case 'negate': {
      const operand = expression(node.operand, scope);
      return operand.number === null ? { ...operand, code: `-${operand.code}` } : folded(-operand.number);
    }
    case 'binary':
      return binary(node, scope);
    case 'call':
      return call(node.function.text, aligned(node.arguments, scope));
    case 'over': {
      const { code } = expression(node.operand, scope);
      const operand = node.operand.kind === 'group' ? code.slice(1, -1) : code;
      scope.usesSource('mask');
      const isSum = node.function.text === 'sum';
      return {
        code: `${isSum ? overPositions.sum : overPositions.softmax}(${operand}, mask)`,
        number: null,
        hasRows: true,
        hasPositions: !isSum,
      };
    }
    case 'missing':
      throw new Error('A cell with a mistake is not exported.');
  }
}

/** A number that is computed here; the checker has made sure that it is finite. */
function folded(number: number): Python {
  const code = String(number);
  return { code: number < 0 ? `(${code})` : code, number, ...forAll };
}

/** Whether an expression reads something of the source, and nothing of a step. */
function isOnce(node: Node): boolean {
  const parts = [...walk(node)];
  return (
    parts.some((part) => part.kind === 'at' || (part.kind === 'name' && part.text === given)) &&
    parts.every((part) => part.kind !== 'at' || part.index === 's')
  );
}

/** Returns expressions that are combined: what has no positions beside what has is repeated at each of them. */
function aligned(nodes: readonly Node[], scope: ExpressionScope): Python[] {
  const values = nodes.map((node) => expression(node, scope));
  if (!values.some(({ hasPositions }) => hasPositions)) return values;
  return values.map((value, index) => {
    if (value.hasPositions || !value.hasRows) return value;
    const node = nodes[index];
    // A dot product is a call.
    const isWhole = node.kind === 'binary' ? node.operator === '·' : node.kind !== 'negate';
    return { ...value, code: `${isWhole ? value.code : `(${value.code})`}[:, None]`, hasPositions: true };
  });
}

function binary(
  { operator, left, right }: Extract<Node, { kind: 'binary' }>,
  scope: ExpressionScope,
): Python {
  const [a, b] = aligned([left, right], scope);
  const [hasRows, hasPositions] = [a.hasRows || b.hasRows, a.hasPositions || b.hasPositions];
  if (operator === '·')
    return {
      code: `torch.sum(${a.code} * ${b.code}, -1, keepdim=True)`,
      number: null,
      hasRows,
      hasPositions,
    };
  if (a.number !== null && b.number !== null) {
    const number = binaryOperations[operators[operator]].value(a.number, b.number);
    const isPlain = operator !== '/' && operator !== '^';
    return isPlain ? { code: `${a.code} ${operator} ${b.code}`, number, ...forAll } : folded(number);
  }
  const sign = operator === '^' ? '**' : operator;
  return { code: `${a.code} ${sign} ${b.code}`, number: null, hasRows, hasPositions };
}

function call(name: string, values: readonly Python[]): Python {
  const { means } = functions.get(name)!;
  const [v, w] = values;
  switch (means) {
    case 'min':
    case 'max':
      return smaller(means, v, w);
    case 'clip': {
      const [, low, high] = values;
      const numbers = v.number === null && low.number !== null && high.number !== null;
      // With numbers as limits, this is what torch.clamp does.
      if (numbers) return { ...v, code: `torch.clamp(${v.code}, ${bare(low)}, ${bare(high)})` };
      return smaller('min', smaller('max', v, low), high);
    }
    case 'softmax':
      return { ...v, code: `torch.softmax(${v.code}, -1)` };
    case 'rowSum':
      return { ...v, code: `torch.sum(${v.code}, -1, keepdim=True)` };
    case 'layerNorm':
      return { ...v, code: `norm(${v.code})` };
    default: {
      const { value, torch } = unaryOperations[means as keyof typeof unaryOperations];
      return v.number === null ? { ...v, code: `${torch}(${v.code})` } : folded(value(v.number));
    }
  }
}

/** A number as an argument, where a negative one needs no parentheses. */
const bare = ({ code }: Python): string => code.replace(/^\((-[\d.e+-]+)\)$/, '$1');

function smaller(means: 'min' | 'max', v: Python, w: Python): Python {
  if (v.number !== null && w.number !== null)
    return folded(binaryOperations[means].value(v.number, w.number));
  const [hasRows, hasPositions] = [v.hasRows || w.hasRows, v.hasPositions || w.hasPositions];
  const limit = means === 'min' ? 'max' : 'min';
  if (w.number !== null)
    return { code: `torch.clamp(${v.code}, ${limit}=${bare(w)})`, number: null, hasRows, hasPositions };
  if (v.number !== null)
    return { code: `torch.clamp(${w.code}, ${limit}=${bare(v)})`, number: null, hasRows, hasPositions };
  return {
    code: `${binaryOperations[means].torch}(${v.code}, ${w.code})`,
    number: null,
    hasRows,
    hasPositions,
  };
}
