// Reports widths that do not fit, and suggests the matrix that would make them fit.

import type { Width } from '../cell.ts';
import { excerpt, type Fix, insert, replace } from '../syntax/source.ts';
import type { Name, Node } from '../syntax/syntax.ts';
import { resolve, type Term } from '../widths.ts';
import type { CellNames, Matrix } from './cellNames.ts';

type Product = Extract<Node, { kind: 'product' }>;

/** Reports mistakes in widths. It is used once all widths that can be known are known. */
export class WidthMistakes {
  readonly #names: CellNames;
  #byShape: Map<string, string[]> | null = null;

  constructor(names: CellNames) {
    this.#names = names;
  }

  equation({ text: name, range }: Name, own: Term, value: Node, width: Term): void {
    const right = `\`${this.#names.source(value)}\` (${this.#width(width)})`;
    const message = `\`${name}[t]\` (${this.#width(own)}) cannot be ${right}: the widths differ.`;
    this.#names.report.error(range, message, this.#mendByMatrix(value, own, width));
  }

  initial({ text: name, range }: Name, own: Term, value: Node, width: Term): void {
    const right = `\`${this.#names.source(value)}\` (${this.#width(width)})`;
    const message = `\`${name}[0]\` (${this.#width(own)}) cannot be ${right}: the widths differ.`;
    this.#names.report.error(range, message, this.#mendByMatrix(value, own, width));
  }

  product(name: Name, matrix: Matrix, operand: Node, width: Term): void {
    const shown = this.#names.source(operand);
    const shape = `${this.#width(matrix.rows)}×${this.#width(matrix.columns)}`;
    const other = this.#fitting(resolve(matrix.rows), resolve(width), name.text);
    const range = { from: name.range.from, to: operand.range.to };
    const wanted = other.exists
      ? `did you mean \`${other.name} ${shown}\`?`
      : `give it a matrix of its own, such as \`${other.name} ${shown}\`.`;
    const message = `\`${excerpt(this.#names.text, range)}\` multiplies ${name.text} (${shape}) by ${shown} (${this.#width(width)}): ${wanted}`;
    this.#names.report.error(
      range,
      message,
      replace(name.range, other.name, `Write \`${other.name} ${shown}\``),
    );
  }

  transposedProduct({ range, matrix: name, operand }: Product, matrix: Matrix, width: Term): void {
    const shape = `${this.#width(matrix.columns)}×${this.#width(matrix.rows)}`;
    const what = `${this.#names.source(operand)} (${this.#width(width)})`;
    const message = `\`${excerpt(this.#names.text, range)}\` multiplies the transpose of ${name.text} (${shape}) by ${what}: the widths differ.`;
    this.#names.report.error(range, message);
  }

  /**
   * Reports two sides of the widths `left` and `right` that are combined where the width `wanted` is
   * expected.
   */
  unlike(node: Node, [a, b]: readonly [Node, Node], left: Term, right: Term, wanted: Term): void {
    const show = (side: Node, t: Term) => `\`${this.#names.source(side)}\` (${this.#width(t)})`;
    const mend =
      resolve(left) === resolve(wanted)
        ? this.#mendByMatrix(b, left, right)
        : this.#mendByMatrix(a, right, left);
    const how = mend ? ` A matrix takes one to the other: ${mend.title.replace('Write ', '')}.` : '';
    const message = `${show(a, left)} and ${show(b, right)} have different widths and cannot be combined unit by unit.${how}`;
    this.#names.report.error(node.range, message, mend);
  }

  /** Returns a matrix of that shape, preferably with the suffix of `like`; otherwise a name that is free. */
  #fitting(rows: Width, columns: Width, like = ''): { name: string; exists: boolean } {
    this.#byShape ??= this.#groupByShape();
    const shape = `${rows}×${columns}`;
    const suffix = like.slice(1);
    const other = (names: readonly string[] = []) => names.find((name) => name !== like);
    const fitting = other(this.#byShape.get(`${shape} ${suffix}`)) ?? other(this.#byShape.get(shape));
    if (fitting !== undefined) return { name: fitting, exists: true };
    const free = [...'WUVRQPSABCDEFGHKLMNZ']
      .map((letter) => letter + suffix)
      .find((name) => !this.#names.matrices.has(name));
    return { name: free ?? `M_${this.#names.matrices.size}`, exists: false };
  }

  /**
   * Groups the names of matrices by shape, and by shape and suffix. Two of each are enough to find one that
   * differs from a given name.
   */
  #groupByShape(): Map<string, string[]> {
    const groups = new Map<string, string[]>();
    for (const [name, { rows, columns }] of this.#names.matrices) {
      const shape = `${resolve(rows)}×${resolve(columns)}`;
      for (const key of [shape, `${shape} ${name.slice(1)}`]) {
        const group = groups.get(key) ?? [];
        groups.set(key, group);
        if (group.length < 2) group.push(name);
      }
    }
    return groups;
  }

  #mendByMatrix(node: Node, rows: Term, columns: Term): Fix | undefined {
    if (node.kind !== 'at') return undefined;
    const { name } = this.#fitting(resolve(rows), resolve(columns));
    return insert(node.range.from, `${name} `, `Write \`${name} ${this.#names.source(node)}\``);
  }

  #width(term: Term): string {
    return this.#names.width(resolve(term));
  }
}
