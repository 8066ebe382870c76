// The syntax tree: what stands in a file, with places, as written. The checker gives it a meaning; the
// printer gives it back as text.

import type { Comment } from './lexer.ts';
import type { Range } from './source.ts';

export interface Name {
  readonly kind: 'name';
  readonly text: string;
  readonly range: Range;
}

export interface NumberNode {
  readonly kind: 'number';
  readonly value: number;
  /** As written, so that `1e-8` stays `1e-8`. */
  readonly text: string;
  readonly range: Range;
}

export type Operator = '+' | '-' | '*' | '/' | '^';

export type Node =
  | NumberNode
  /** A name alone: a bias, a constant. */
  | Name
  /** `h[t-1]`; a negative lag looks ahead, which the checker refuses. */
  | { readonly kind: 'at'; readonly name: Name; readonly lag: number; readonly range: Range }
  | { readonly kind: 'product'; readonly matrix: Name; readonly operand: Node; readonly range: Range }
  | {
      readonly kind: 'call';
      readonly function: Name;
      readonly arguments: readonly Node[];
      readonly range: Range;
    }
  | { readonly kind: 'negate'; readonly operand: Node; readonly range: Range }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      /** `⊙` for `*`, as written. */
      readonly sign: string;
      readonly left: Node;
      readonly right: Node;
      readonly range: Range;
    }
  /** Parentheses, kept for the printer and for whoever wrote them. */
  | { readonly kind: 'group'; readonly inner: Node; readonly range: Range }
  /** Stands where something was expected, and already reported. */
  | { readonly kind: 'missing'; readonly range: Range };

export interface InitialiserNode {
  readonly kind: 'initialiser';
  readonly name: Name;
  readonly arguments: readonly Node[];
  readonly radius: Node | null;
  readonly range: Range;
}

export type Statement =
  | { readonly kind: 'equation'; readonly target: Name; readonly value: Node; readonly range: Range }
  | {
      readonly kind: 'initial';
      readonly target: Name;
      /** `learned` and no `from` is a learned state that starts from 0. */
      readonly learned: boolean;
      readonly value: Node | null;
      readonly first: NumberNode | null;
      readonly range: Range;
    }
  | { readonly kind: 'constant'; readonly target: Name; readonly value: Node; readonly range: Range }
  | {
      readonly kind: 'init';
      readonly targets: readonly Name[];
      readonly value: InitialiserNode | Node;
      readonly range: Range;
    }
  | { readonly kind: 'fixed'; readonly targets: readonly Name[]; readonly range: Range }
  | { readonly kind: 'output'; readonly target: Name; readonly range: Range }
  | {
      readonly kind: 'width';
      readonly target: Name;
      readonly value: Name | NumberNode;
      readonly range: Range;
    };

export type Word = Name | NumberNode;

/** `name = words, words` in a `model` or a `train` section. */
export interface Setting {
  readonly kind: 'setting';
  readonly name: Name;
  readonly items: readonly (readonly Word[])[];
  readonly range: Range;
}

export interface CellSection {
  readonly kind: 'cell';
  readonly name: Name;
  readonly statements: readonly Statement[];
  /** Of the header's line. */
  readonly header: Range;
  /** From the header to the end of the last statement. */
  readonly range: Range;
}

export interface SettingsSection {
  readonly kind: 'model' | 'train';
  readonly settings: readonly Setting[];
  readonly header: Range;
  readonly range: Range;
}

export type Section = CellSection | SettingsSection;

export interface SourceFile {
  readonly text: string;
  readonly sections: readonly Section[];
  readonly comments: readonly Comment[];
}
