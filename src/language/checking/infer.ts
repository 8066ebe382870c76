// Turns expressions into drafts whose widths are unified as the equations are read. Widths that do not fit
// are reported at the end, when all that can be known about them is known.

import { binaryOperations, isBinary, unaryOperations } from '../../operations/elementwise.ts';
import type { BinaryOperator, Expression, UnaryFunction } from '../cell.ts';
import { chained, type Report, remove, replace } from '../syntax/source.ts';
import type { Name, Node, Operator } from '../syntax/syntax.ts';
import { hasMissing, plainNames } from '../syntax/walk.ts';
import { isOne, resolve, type Term, term, unify } from '../widths.ts';
import { functions, given } from '../words.ts';
import type { CellNames, Matrix, Of } from './cellNames.ts';
import { reportNoValue, reportNoVector } from './nameMistakes.ts';
import { order } from './order.ts';
import { hasPositions, overPositionsInstead } from './positions.ts';
import { WidthMistakes } from './widthMistakes.ts';

/** An expression whose width may still be unknown. A number is the same for every unit and fits any width. */
export type Draft = { readonly number: number } | { readonly term: Term; readonly build: () => Expression };

const operators: Readonly<Record<Exclude<Operator, '·'>, BinaryOperator>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '^': 'power',
};

export class Inference {
  readonly #names: CellNames;
  readonly #report: Report;
  readonly #mistakes: WidthMistakes;
  /** Reports about widths, which are made once all widths are known. */
  readonly #conflicts: (() => void)[] = [];

  constructor(names: CellNames) {
    this.#names = names;
    this.#report = names.report;
    this.#mistakes = new WidthMistakes(names);
  }

  /** Computes the number of every constant. */
  foldConstants(): void {
    const { constants, numbers } = this.#names;
    const reads = (name: string) => plainNames(constants.get(name)!.value);
    const { ordered, circle } = order(constants.keys(), reads);
    if (circle.length > 0) {
      const chain = chained(circle.map((name) => `\`${name}\``));
      this.#report.error(constants.get(circle[0])!.target.range, `No value can be found: ${chain}.`);
      for (const name of circle) numbers.set(name, Number.NaN);
    }
    for (const name of ordered) {
      if (!numbers.has(name)) numbers.set(name, this.constant(constants.get(name)!.value));
    }
  }

  /** Returns the value of an expression that must be a number; otherwise reports an error and returns NaN. */
  constant(node: Node): number {
    const draft = this.#infer(node);
    if ('number' in draft) return draft.number;
    if (!hasMissing(node)) {
      this.#report.error(
        node.range,
        () => `This must be a number; \`${this.#names.source(node)}\` is not known before training.`,
      );
    }
    return Number.NaN;
  }

  /** Reads an equation, whose vector gets the width of its right-hand side. */
  equation(name: string, { target, value }: Of<'equation'>): Draft {
    const own = this.#names.vectors.get(name)!;
    const draft = this.#infer(value, own);
    // One unit spreads over the vector, as a number does.
    const spreads = 'term' in draft && isOne(draft.term) && !isOne(own);
    if ('term' in draft && !spreads && !unify(own, draft.term)) {
      this.#conflicts.push(() => this.#mistakes.equation(target, own, value, draft.term));
    }
    return draft;
  }

  /**
   * Reads a computed initial state, which has the vector's width, or as many units as are said.
   * @param first the number of units, or null
   */
  initial({ target, value }: Of<'initial'> & { readonly value: Node }, first: number | null): Draft {
    const own = first === null ? this.#names.vectors.get(target.text)! : term(first);
    const draft = this.#infer(value, own);
    const spreads = 'term' in draft && isOne(draft.term) && !isOne(own);
    if ('term' in draft && !spreads && !unify(own, draft.term)) {
      this.#conflicts.push(() => this.#mistakes.initial(target, own, value, draft.term));
    }
    return draft;
  }

  /** Reports widths that do not fit. It is called after every equation has been read. */
  reportConflicts(): void {
    for (const say of this.#conflicts) say();
  }

  /** @param wanted the width that the whole should have, so that the part that differs is reported */
  #infer(node: Node, wanted: Term = term()): Draft {
    switch (node.kind) {
      case 'number':
        return { number: node.value };
      case 'missing':
        return open();
      case 'group':
        return this.#infer(node.inner, wanted);
      case 'name':
        return this.#inferName(node);
      case 'at':
        return this.#inferAt(node);
      case 'product':
        return this.#inferProduct(node);
      case 'negate':
        return this.#unary('negate', this.#infer(node.operand, wanted), node);
      case 'over':
        return this.#inferOver(node, wanted);
      case 'binary':
        if (node.operator === '·') return this.#dot(node);
        return this.#binary(
          operators[node.operator],
          this.#infer(node.left, wanted),
          this.#infer(node.right, wanted),
          { node, sides: [node.left, node.right], wanted },
        );
      case 'call':
        return this.#inferCall(node, wanted);
    }
  }

  /** The dot product is the sum of the products of all units. */
  #dot(node: Extract<Node, { kind: 'binary' }>): Draft {
    const sides = [node.left, node.right] as const;
    const [left, right] = sides.map((side) => this.#infer(side));
    const wrong = 'number' in left ? 0 : 'number' in right ? 1 : null;
    if (wrong !== null) {
      const message = () =>
        `\`·\` is the dot product of two vectors, and \`${this.#names.source(sides[wrong])}\` is a number: multiply with \`*\`.`;
      const sign = { from: node.left.range.to, to: node.right.range.from };
      this.#report.error(node.range, message, replace(sign, ' * ', 'Write `*`'));
      return open();
    }
    return this.#unary(
      'rowSum',
      this.#binary('multiply', left, right, { node, sides, wanted: term() }),
      node,
    );
  }

  #inferOver({ function: word, operand, range }: Extract<Node, { kind: 'over' }>, wanted: Term): Draft {
    const draft = this.#infer(operand, wanted);
    if ('number' in draft) {
      const message = `\`${word.text} over s\` combines what is at the positions of the source, and here is a number.`;
      this.#report.error(range, message);
      return open();
    }
    const combine = word.text === 'softmax' ? 'softmax' : 'sum';
    return {
      term: draft.term,
      build: () => ({
        kind: 'over',
        function: combine,
        operand: draft.build(),
        width: resolve(draft.term),
      }),
    };
  }

  #inferName(node: Name): Draft {
    const { text: name } = node;
    const number = this.#names.numbers.get(name);
    this.#names.occurs(node, null, false);
    if (number !== undefined) return { number };
    if (reportNoValue(this.#names, node)) return open();
    if (name === given) {
      const width = term('m');
      return { term: width, build: () => ({ kind: 'given', width: 'm' }) };
    }
    return this.#bias(node);
  }

  #bias(node: Name): Draft {
    const { text: name } = node;
    let width = this.#names.biases.get(name);
    if (!width) {
      width = term();
      this.#names.biases.set(name, width);
      const likely = name.length > 2 ? this.#report.likely(name, this.#names.constants.keys()) : undefined;
      if (likely && !this.#names.initialised.has(name)) {
        const message = `\`${name}\` is a trained vector, having no value here: did you mean the constant \`${likely}\`?`;
        this.#report.warn(node.range, message, replace(node.range, likely));
      }
    }
    return { term: width, build: () => ({ kind: 'parameter', name, width: resolve(width) }) };
  }

  #inferAt({ name: node, index, lag, range }: Extract<Node, { kind: 'at' }>): Draft {
    const { text: name } = node;
    this.#names.occurs(node, lag, false);
    const vector = this.#names.vectors.get(name);
    if (!vector) {
      reportNoVector(this.#names, node, index, range);
      return open();
    }
    const instead = (text: string) => replace(range, text);
    if (lag < 0) {
      const message = `\`${name}[t+${-lag}]\` is not known yet: a cell reads this step and those before.`;
      this.#report.error(range, message, instead(name === 'x' ? 'x[t]' : `${name}[t-${-lag}]`));
    } else if (lag > 1000) {
      this.#report.error(range, 'No more than 1000 steps can be looked back.');
    } else if (name === 'y' && lag === 0 && !this.#names.equations.has('y')) {
      const message = '`y[t]`, the network’s output, comes after the cell: read that of the step before.';
      this.#report.error(range, message, instead('y[t-1]'));
    }
    const build = (): Expression =>
      index === 't'
        ? { kind: 'vector', name, lag, width: resolve(vector) }
        : { kind: 'positioned', name, width: resolve(vector) };
    return { term: vector, build };
  }

  #inferProduct(node: Extract<Node, { kind: 'product' }>): Draft {
    const { matrix: name, operand: inner } = node;
    const transposed = node.transpose !== null;
    this.#names.occurs(name, null, false);
    const operand = this.#infer(inner);
    const matrix = this.#matrix(name.text);
    const [rows, columns] = transposed ? [matrix.columns, matrix.rows] : [matrix.rows, matrix.columns];
    if ('number' in operand) {
      const message = () =>
        `\`${name.text}\` is a matrix and multiplies a vector, but \`${this.#names.source(inner)}\` is a number.`;
      const before = { from: name.range.from, to: inner.range.from };
      this.#report.error(node.range, message, remove(before, `Remove \`${name.text}\``));
    } else if (!unify(columns, operand.term)) {
      this.#conflicts.push(() =>
        transposed
          ? this.#mistakes.transposedProduct(node, matrix, operand.term)
          : this.#mistakes.product(name, matrix, inner, operand.term),
      );
      // Nothing is known about the result, because another matrix was meant.
      return open();
    }
    return {
      term: rows,
      build: () => ({
        kind: 'product',
        matrix: name.text,
        transposed,
        operand: built(operand),
        width: resolve(rows),
      }),
    };
  }

  #inferCall(node: Extract<Node, { kind: 'call' }>, wanted: Term): Draft {
    const word = functions.get(node.function.text);
    // The units that are summed need not be as many as those of the whole.
    const ofArguments = word?.means === 'rowSum' ? term() : wanted;
    const values = node.arguments.map((argument) => this.#infer(argument, ofArguments));
    if (!word) {
      this.#names.unknown(node.function, functions.keys(), `There is no function \`${node.function.text}\``);
      return open();
    }
    if (values.length !== word.arguments.length) {
      const wants = `${node.function.text}(${word.arguments.join(', ')})`;
      if (!hasMissing(node))
        this.#report.error(
          node.range,
          `It is \`${wants}\`: ${valueCount(word.arguments.length)}, not ${values.length}.`,
        );
      return open();
    }
    const [first, second, third] = values;
    const [a, b, c] = node.arguments;
    const { means } = word;
    if (means === 'clip') {
      const above = this.#binary('max', first, second, { node, sides: [a, b], wanted });
      return this.#binary('min', above, third, { node, sides: [a, c], wanted });
    }
    if (isBinary(means)) return this.#binary(means, first, second, { node, sides: [a, b], wanted });
    return this.#unary(means, first, node);
  }

  #unary(name: UnaryFunction, operand: Draft, node: Node): Draft {
    if ('term' in operand) {
      if (name === 'softmax' && node.kind === 'call' && hasPositions(node)) {
        const { function: word } = node;
        const { term: units } = operand;
        this.#conflicts.push(() => {
          if (!isOne(units)) return;
          const message =
            'Softmax of one unit is 1 always: over the positions of the source it is `softmax over s (…)`.';
          this.#report.error(word.range, message, overPositionsInstead(word));
        });
      }
      const width = name === 'rowSum' ? term(1) : operand.term;
      return {
        term: width,
        build: () => ({ kind: 'unary', function: name, operand: operand.build(), width: resolve(width) }),
      };
    }
    if (name === 'softmax' || name === 'layerNorm' || name === 'rowSum') {
      const word = node.kind === 'call' ? node.function.text : name;
      const does = name === 'rowSum' ? 'adds' : 'compares';
      this.#report.error(node.range, `\`${word}\` ${does} the units of a vector, and here is a number.`);
      return open();
    }
    return this.#finite(unaryOperations[name].value(operand.number), [operand], node);
  }

  #binary(
    operator: BinaryOperator,
    left: Draft,
    right: Draft,
    { node, sides, wanted }: { node: Node; sides: readonly [Node, Node]; wanted: Term },
  ): Draft {
    if ('number' in left && 'number' in right) {
      return this.#finite(binaryOperations[operator].value(left.number, right.number), [left, right], node);
    }
    // One unit spreads over the units of the other side, whose width then is that of the whole.
    const [leftSpreads, rightSpreads] = [left, right].map((side) => 'term' in side && isOne(side.term));
    const isWhole = (spreads: boolean) => !spreads || isOne(wanted);
    // The side that fits the whole is unified first, so that the side that does not fit is reported.
    const fits = 'term' in left && isWhole(leftSpreads) && unify(left.term, wanted);
    if (!fits && 'term' in right && isWhole(rightSpreads)) unify(right.term, wanted);
    const spreads = leftSpreads !== rightSpreads;
    if ('term' in left && 'term' in right && !spreads && !unify(left.term, right.term)) {
      this.#conflicts.push(() => this.#mistakes.unlike(node, sides, left.term, right.term, wanted));
      return open();
    }
    const isLeft = 'term' in left && !(leftSpreads && 'term' in right);
    const width = isLeft ? left.term : (right as { term: Term }).term;
    return {
      term: width,
      build: () => ({
        kind: 'binary',
        operator,
        left: built(left),
        right: built(right),
        width: resolve(width),
      }),
    };
  }

  /** Returns a number computed from numbers, and reports it if it is not finite although they are. */
  #finite(value: number, from: readonly { number: number }[], node: Node): Draft {
    if (!Number.isFinite(value) && from.every(({ number }) => Number.isFinite(number))) {
      this.#report.error(node.range, () => `\`${this.#names.source(node)}\` is not a finite number.`);
    }
    return { number: value };
  }

  #matrix(name: string): Matrix {
    let matrix = this.#names.matrices.get(name);
    if (!matrix) {
      matrix = { rows: term(), columns: term() };
      this.#names.matrices.set(name, matrix);
    }
    return matrix;
  }
}

/** Stands in for an expression about which nothing is known; its cell already has an error. */
const open = (): Draft => ({
  term: term(),
  build: () => {
    throw new Error('A cell with an error was built.');
  },
});

export const built = (draft: Draft): Expression =>
  'number' in draft ? { kind: 'number', value: draft.number, width: 1 } : draft.build();

export const valueCount = (n: number): string =>
  n === 0 ? 'no values' : n === 1 ? 'one value' : `${n} values`;
