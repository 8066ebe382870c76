// Lowers the equations of one cell to the graph of one of its steps.
import type { Equation, Expression, InitialState } from '../language/cell.ts';
import { widthOf } from '../language/widths.ts';
import type { DirectedCell } from './architecture.ts';
import {
  type Axis,
  axisOf,
  combined,
  type Graph,
  type Node,
  now,
  type Operation,
  type Read,
} from './graph.ts';

type Vectors = Readonly<Record<string, Node>>;

/**
 * Adds a cell's equations to a graph, with the states that they carry from step to step.
 * @param outside the vectors that the equations read but do not define: `x`, and where there are any `y`, `m` and `given`
 * @param axis what the cell reads one after another: steps, or positions of a source
 * @returns the vectors that the equations define, by name
 */
export const lowerCell = (
  graph: Graph,
  directed: DirectedCell,
  outside: Vectors,
  axis: Axis,
): Map<string, Node> => new CellLowering(graph, directed, outside, axis).lower();

class CellLowering {
  readonly #graph: Graph;
  readonly #directed: DirectedCell;
  readonly #axis: Axis;
  /** The vectors that expressions read by name: from outside, and a placeholder for each that an equation defines. */
  readonly #vectors: Map<string, Node>;
  /** The input as later steps read it; null where none does, or where a row is read from its end. */
  readonly #keptInput: Node | null;
  /** The padding masks by width, and the vectors times their masks by name, each of which is needed once. */
  readonly #masks = new Map<number, Node>();
  readonly #masked = new Map<string, Node>();

  constructor(graph: Graph, directed: DirectedCell, outside: Vectors, axis: Axis) {
    this.#graph = graph;
    this.#directed = directed;
    this.#axis = axis;
    this.#vectors = new Map(Object.entries(outside));
    const pers = { t: axis, s: 'position', 't,s': 'pair' } as const;
    const { cell, prefix, backward } = directed;
    for (const { name, width, index } of cell.equations)
      this.#vectors.set(name, graph.add({ kind: 'copy' }, [], this.#width(width), pers[index]));
    this.#keptInput =
      cell.inputLag > 0 && !backward
        ? keptInput(graph, this.#vectors.get('x')!, prefix, cell.inputLag)
        : null;
  }

  lower(): Map<string, Node> {
    const { equations } = this.#directed.cell;
    for (const equation of equations) this.#define(equation);
    const placeholders = equations.map(({ name }) => this.#vectors.get(name)!);
    const values = placeholders.map(({ inputs }) => inputs[0]);
    // Only expressions may read a placeholder, and the graph finds those through its roots alone.
    const { roots } = this.#graph;
    this.#graph.roots = values.map(({ node }) => node);
    for (const [index, placeholder] of placeholders.entries())
      this.#graph.replace(placeholder, values[index]);
    this.#graph.roots = roots;
    return new Map(equations.map(({ name }, index) => [name, values[index].node]));
  }

  /** Gives an equation's value to its placeholder, and carries it on where a later step reads it. */
  #define({ name, value, maxLag, initial }: Equation): void {
    const placeholder = this.#vectors.get(name)!;
    const { width, per } = placeholder;
    let result = broadcast(this.#graph, this.#read(value), width);
    const isBare = value.kind === 'vector' || value.kind === 'positioned';
    // A state has a location of its own with a row for each stream, so another vector's value, or one row for
    // all, is copied.
    if (isBare || axisOf(result.node) === null) result = this.#add({ kind: 'copy' }, [result], width, per);
    if (maxLag > 0 && !this.#directed.backward) {
      // A computed state is zero in what is carried, and is written over it where a stream begins.
      if (initial.kind === 'computed')
        result = this.#add({ kind: 'begin' }, [result, now(this.#initial(name)!)], width, this.#axis);
      const key = this.#directed.prefix + name;
      this.#graph.states.push({
        key,
        node: placeholder,
        lags: maxLag,
        initial:
          initial.kind === 'learned'
            ? { learned: `${key}[0]` }
            : { value: initial.kind === 'constant' ? initial.value : 0 },
        first: Math.min(initial.first ?? width, width),
      });
    }
    placeholder.inputs = [result];
  }

  /** Adds the operations of an expression. @returns its value */
  #read(expression: Expression): Read {
    const { prefix, backward } = this.#directed;
    const width = this.#width(expression.width);
    const add = (operation: Operation, inputs: readonly Read[]): Read => {
      const per = combined(inputs.map(({ node }) => node.per));
      const operands = per === 'pair' ? inputs.map((input) => atEachPosition(this.#graph, input)) : inputs;
      return this.#add(operation, operands, width, per);
    };
    switch (expression.kind) {
      case 'number':
        return add({ kind: 'constant', value: expression.value }, []);
      case 'parameter':
        return add({ kind: 'parameter', names: [prefix + expression.name] }, []);
      case 'given':
        return now(this.#vectors.get('given')!);
      case 'positioned':
        return now(this.#vectors.get(expression.name)!);
      case 'over':
        return expression.function === 'softmax'
          ? add({ kind: 'positionSoftmax' }, [this.#read(expression.operand)])
          : this.#sumOverPositions(expression.operand);
      case 'vector': {
        const { name, lag } = expression;
        if (this.#keptInput && name === 'x' && lag > 0) return { node: this.#keptInput, lag };
        return backward && lag > 0 ? this.#later(name, lag) : { node: this.#vectors.get(name)!, lag };
      }
      case 'product': {
        const { matrix, transposed, operand } = expression;
        return add({ kind: 'matmul', matrices: [prefix + matrix], transposed }, [this.#read(operand)]);
      }
      case 'unary':
        return (
          (expression.function === 'rowSum' && this.#dotAtPositions(expression.operand)) ||
          add({ kind: expression.function }, [this.#read(expression.operand)])
        );
      case 'binary': {
        const { operator, left, right } = expression;
        const operands = [left, right].map((operand) => broadcast(this.#graph, this.#read(operand), width));
        if (operator === 'power' && right.kind === 'number' && right.value === 2)
          return add({ kind: 'multiply' }, [operands[0], operands[0]]);
        return add({ kind: operator }, operands);
      }
    }
  }

  /**
   * Reads a vector `lag` steps later, where a row that is read from its end was before. Behind the row's last
   * step the vector is the initial state: m[t+lag] * v[t+lag] + (1 - m[t+lag]) * v[0], where m[t] is 0 at the
   * steps of padding and after the window.
   */
  #later(name: string, lag: number): Read {
    const node = this.#vectors.get(name)!;
    const { width } = node;
    const axis = this.#axis;
    const mask = this.#mask(width);
    const masked =
      this.#masked.get(name) ?? this.#add({ kind: 'multiply' }, [now(mask), now(node)], width, axis).node;
    this.#masked.set(name, masked);
    const present = { node: masked, lag: -lag };
    const initial = this.#initial(name);
    if (!initial) return present;
    const one = this.#add({ kind: 'constant', value: 1 }, [], width, 'once');
    const beyond = this.#add({ kind: 'subtract' }, [one, { node: mask, lag: -lag }], width, axis);
    const started = this.#add({ kind: 'multiply' }, [beyond, now(initial)], width, axis);
    return this.#add({ kind: 'add' }, [present, started], width, axis);
  }

  /** Returns 1 in every unit at the steps that have a token, and 0 where a row is padded. */
  #mask(width: number): Node {
    const mask = this.#masks.get(width) ?? this.#graph.add({ kind: 'paddingMask' }, [], width, this.#axis);
    this.#masks.set(width, mask);
    return mask;
  }

  /** Sums over the positions of a source; a factor of one unit is the weight of each position. */
  #sumOverPositions(operand: Expression): Read {
    const [weight, value] = weightAndValue(operand);
    const one = () => this.#add({ kind: 'constant', value: 1 }, [], 1, 'once');
    let weights = weight ? this.#read(weight) : one();
    let values = this.#read(value);
    if (!isPositioned(values)) [weights, values] = [values, weights];
    if (!isPositioned(values)) throw new Error('What is summed has no positions.');
    const { width } = values.node;
    if (isPositioned(weights)) return this.#weightedSum(weights, values, width);
    // A value without positions weighs all of them alike.
    const summed = this.#weightedSum(one(), values, width);
    const per = combined([weights.node.per, summed.node.per]);
    return this.#add({ kind: 'multiply' }, [broadcast(this.#graph, weights, width), summed], width, per);
  }

  #weightedSum(weights: Read, values: Read, width: number): Read {
    const isPair = [weights, values].some(({ node }) => node.per === 'pair');
    return this.#add({ kind: 'positionSum' }, [weights, values], width, isPair ? 'step' : 'row');
  }

  /**
   * Adds the dot product of a vector with one at each position of a source.
   * @param operand the element-wise product whose units are summed
   * @returns null where it is no such product
   */
  #dotAtPositions(operand: Expression): Read | null {
    if (operand.kind !== 'binary' || operand.operator !== 'multiply') return null;
    const width = this.#width(operand.width);
    const sides = [operand.left, operand.right].map((side) =>
      broadcast(this.#graph, this.#read(side), width),
    );
    const [a, b] = isPositioned(sides[0]) ? [sides[1], sides[0]] : sides;
    if (isPositioned(a) || !isPositioned(b)) return null;
    return this.#add({ kind: 'positionDot' }, [a, b], 1, combined([a.node.per, b.node.per]));
  }

  /**
   * Adds the initial state of a vector, as a value that all rows share, or one for each stream.
   * @returns null where it is zero, as that of every vector from outside is
   */
  #initial(name: string): Node | null {
    const equation = this.#directed.cell.equations.find((each) => each.name === name);
    if (!equation) return null;
    const parameter = `${this.#directed.prefix}${name}[0]`;
    const width = this.#width(equation.width);
    return initialVector(this.#graph, equation.initial, parameter, width, (value) => this.#read(value));
  }

  #add(...node: Parameters<Graph['add']>): Read {
    return now(this.#graph.add(...node));
  }

  #width(width: Equation['width']): number {
    return widthOf(width, this.#directed.widths);
  }
}

/** Adds the state that holds a layer's input for the steps that read it later; it is zero before the first. */
function keptInput(graph: Graph, x: Node, prefix: string, lags: number): Node {
  const node = graph.add({ kind: 'copy' }, [now(x)], x.width, x.per);
  graph.states.push({ key: `${prefix}x`, node, lags, initial: { value: 0 }, first: x.width });
  return node;
}

/** Parts what is summed over positions into a weight of one unit, which is null where there is none, and a value. */
function weightAndValue(operand: Expression): [weight: Expression | null, value: Expression] {
  if (operand.kind !== 'binary' || operand.operator !== 'multiply') return [null, operand];
  const isWeight = ({ kind, width }: Expression) => kind !== 'number' && width === 1;
  if (isWeight(operand.left)) return [operand.left, operand.right];
  if (isWeight(operand.right)) return [operand.right, operand.left];
  return [null, operand];
}

/**
 * Returns an initial state as a value that all rows share, or one for each stream; null where it is zero.
 * @param compute returns the value of an expression
 */
function initialVector(
  graph: Graph,
  { kind, value, first }: InitialState,
  name: string,
  width: number,
  compute: (value: Expression) => Read,
): Node | null {
  if (kind === 'constant' && value === 0) return null;
  const units = Math.min(first ?? width, width);
  if (kind === 'computed') {
    const { node } = broadcast(graph, compute(value), first ?? width);
    const start =
      node.width === units ? node : graph.add({ kind: 'slice', from: 0 }, [now(node)], units, node.per);
    return inFirstUnits(graph, start, width);
  }
  const start =
    kind === 'learned'
      ? graph.add({ kind: 'parameter', names: [name] }, [], units, 'once')
      : graph.add({ kind: 'constant', value }, [], units, 'once');
  return inFirstUnits(graph, start, width);
}

/** Fills a vector with zeros behind its first units. */
const inFirstUnits = (graph: Graph, start: Node, width: number): Node =>
  start.width === width ? start : graph.add({ kind: 'join', columns: [0] }, [now(start)], width, start.per);

const isPositioned = ({ node }: Read): boolean => node.per === 'position' || node.per === 'pair';

/** Repeats what has no positions at each of them; what all streams share needs no copies. */
const atEachPosition = (graph: Graph, read: Read): Read =>
  isPositioned(read) || read.node.per === 'once'
    ? read
    : now(graph.add({ kind: 'repeat' }, [read], read.node.width, 'pair'));

/** Broadcasts one number for all units to the width of the other operand. */
function broadcast(graph: Graph, read: Read, width: number): Read {
  const { node } = read;
  if (node.width === width) return read;
  if (node.operation.kind === 'constant') return now(graph.add(node.operation, [], width, 'once'));
  return now(graph.add({ kind: 'broadcast' }, [read], width, node.per));
}
