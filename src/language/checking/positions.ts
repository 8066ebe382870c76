// Checks the second index: what is read or defined at positions of the source, s, beside the step, t.

import type { Index } from '../cell.ts';
import { type Fix, insert, type Range, replace } from '../syntax/source.ts';
import type { Node } from '../syntax/syntax.ts';
import { children, walk } from '../syntax/walk.ts';
import { functions } from '../words.ts';
import type { CellNames, Of } from './cellNames.ts';

/** The functions that combine the values at all positions. */
const overPositions = ['softmax', 'sum'] as const;

/** Whether a value depends on the step, and whether on the position. */
interface Place {
  readonly t: boolean;
  readonly s: boolean;
}

const nowhere: Place = { t: false, s: false };
const placeOf = (index: Index): Place => ({ t: index !== 's', s: index !== 't' });

/** Whether a value differs from position to position. */
export function hasPositions(node: Node): boolean {
  if (node.kind === 'at') return node.index !== 't';
  if (node.kind === 'over' && node.function.text === 'sum') return false;
  return children(node).some(hasPositions);
}

/** Reports what is wrong with the second index in a cell's equations. */
export function checkPositions(names: CellNames): void {
  for (const [name, equation] of names.equations) new Equation(names, name, equation).check();
}

class Equation {
  readonly #names: CellNames;
  readonly #name: string;
  readonly #equation: Of<'equation'>;

  constructor(names: CellNames, name: string, equation: Of<'equation'>) {
    this.#names = names;
    this.#name = name;
    this.#equation = equation;
  }

  check(): void {
    const { index, value } = this.#equation;
    if ([...walk(value)].some(({ kind }) => kind === 'missing')) return;
    const { t, s } = this.#place(value);
    const name = this.#name;
    const own = `\`${name}[${index}]\``;
    if (index === 't' && s) {
      const message = `${own} is one vector for all positions, and what it is made of has one for each: add them up, or weigh them, with \`sum over s (…)\`.`;
      this.#error(this.#target, message, this.#sum(value));
    } else if (index !== 't' && !s) {
      const message = `${own} is the same at all positions, since it reads nothing at \`[s]\`: write \`${name}[t]\`.`;
      this.#error(this.#target, message, this.#as('t'));
    } else if (index === 's' && t) {
      const message = `${own} changes with the step too: write \`${name}[t,s]\`.`;
      this.#error(this.#target, message, this.#as('t,s'));
    } else if (index === 't,s' && !t) {
      const message = `${own} does not change with the step: write \`${name}[s]\`, which is computed once.`;
      this.#error(this.#target, message, this.#as('s'));
    }
  }

  get #target(): Range {
    return this.#equation.target.range;
  }

  #error(range: Range, message: string, fix?: Fix): void {
    this.#names.report.error(range, message, fix);
  }

  /** Writes the equation's vector with another index. */
  #as(index: Index): Fix {
    const { text } = this.#names;
    const { from } = this.#target;
    const to = text.indexOf(']', from) + 1;
    return replace({ from, to }, `${this.#name}[${index}]`);
  }

  #sum(value: Node): Fix {
    if (value.kind === 'call' && value.function.text === 'sum')
      return replace(value.function.range, 'sum over s ', 'Write `sum over s`');
    const { from, to } = value.range;
    return {
      title: 'Insert `sum over s (…)`',
      edits: [
        { range: { from, to: from }, text: 'sum over s (' },
        { range: { from: to, to }, text: ')' },
      ],
    };
  }

  #place(node: Node): Place {
    if (node.kind === 'at') return this.#read(node);
    if (node.kind === 'over') return this.#over(node);
    return children(node)
      .map((child) => this.#place(child))
      .reduce((a, b) => ({ t: a.t || b.t, s: a.s || b.s }), nowhere);
  }

  #read({ name: { text: name }, index, lag, range }: Extract<Node, { kind: 'at' }>): Place {
    const known = this.#names.indexOf(name);
    // A name without an equation is reported with the widths.
    if (known === null) return placeOf(index);
    const written = (at: Index) => `${name}[${at}]`;
    if (index !== known) {
      const what = {
        t: 'has no positions',
        s: 'is at the positions of the source, and does not change with the step',
        't,s': 'has a value at each step for each position',
      }[known];
      this.#error(range, `\`${name}\` ${what}: write \`${written(known)}\`.`, replace(range, written(known)));
    } else if (index === 't,s' && lag !== 0) {
      const message = `What \`${name}\` was at an earlier step is not kept for all positions: read \`${written('t,s')}\`, of this step.`;
      this.#error(range, message, replace(range, written('t,s')));
    }
    return placeOf(known);
  }

  #over({ function: { text: word, range }, index, operand }: Extract<Node, { kind: 'over' }>): Place {
    const inner = this.#place(operand);
    if (!overPositions.some((each) => each === word)) {
      const message = `\`${word}\` does not combine positions: \`softmax over s (…)\` and \`sum over s (…)\` do.`;
      this.#error(range, message);
      return inner;
    }
    if (index.text === '') return { t: inner.t, s: word === 'softmax' };
    if (index.text !== 's') {
      const message = `What is combined are the positions of the source: \`${word} over s (…)\`.`;
      this.#error(index.range, message, replace(index.range, 's'));
    } else if (!inner.s) {
      const message = `\`${this.#names.source(operand)}\` is the same at all positions: there is nothing to combine over \`s\`.`;
      const over = { from: range.to, to: this.#names.text.indexOf('(', index.range.to) };
      this.#error(
        range,
        message,
        functions.has(word) ? replace(over, '', `Write \`${word}(…)\``) : undefined,
      );
    }
    return { t: inner.t, s: word === 'softmax' };
  }
}

/** Returns the fix that makes a softmax over units one over positions. */
export const overPositionsInstead = (name: { readonly range: Range }): Fix =>
  insert(name.range.to, ' over s ', 'Write `softmax over s`');
