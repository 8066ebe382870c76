// The syntax tree: the content of a file as written, with places. The checker gives it a meaning; the printer
// turns it back into text.

import type { Index } from '../cell.ts';
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
  /** The number as written, so that `1e-8` stays `1e-8`. */
  readonly text: string;
  readonly range: Range;
}

export type Operator = '+' | '-' | '*' | '/' | '^' | '·';

export type Node =
  | NumberNode
  /** A name without a step, which is a bias or a constant. */
  | Name
  /** `h[t-1]`, `m[s]` or `a[t,s]`; a negative lag looks ahead, which the checker refuses. */
  | {
      readonly kind: 'at';
      readonly name: Name;
      readonly index: Index;
      /** The number of steps back; 0 where there is no step. */
      readonly lag: number;
      readonly range: Range;
    }
  | {
      readonly kind: 'product';
      readonly matrix: Name;
      /** The sign of a transpose, as written behind the matrix; null where there is none. */
      readonly transpose: 'ᵀ' | '^T' | null;
      readonly operand: Node;
      readonly range: Range;
    }
  | {
      readonly kind: 'call';
      readonly function: Name;
      readonly arguments: readonly Node[];
      readonly range: Range;
    }
  /** `softmax over s (…)`, which combines the values at all positions. */
  | {
      readonly kind: 'over';
      readonly function: Name;
      readonly index: Name;
      readonly operand: Node;
      readonly range: Range;
    }
  | { readonly kind: 'negate'; readonly operand: Node; readonly range: Range }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      /** The operator as written, for example `⊙` for `*`. */
      readonly sign: string;
      readonly left: Node;
      readonly right: Node;
      readonly range: Range;
    }
  /** Parentheses, which are kept so that the printer reproduces them. */
  | { readonly kind: 'group'; readonly inner: Node; readonly range: Range }
  /** A placeholder for a missing expression, which has already been reported. */
  | { readonly kind: 'missing'; readonly range: Range };

export interface InitialiserNode {
  readonly kind: 'initialiser';
  readonly name: Name;
  readonly arguments: readonly Node[];
  readonly radius: Node | null;
  readonly range: Range;
}

export type Statement =
  | {
      readonly kind: 'equation';
      readonly target: Name;
      readonly index: Index;
      readonly value: Node;
      readonly range: Range;
    }
  | {
      readonly kind: 'initial';
      readonly target: Name;
      /** Whether the state is learned; without `from` it then starts from 0. */
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
  | { readonly kind: 'stochastic'; readonly targets: readonly Name[]; readonly range: Range }
  | {
      readonly kind: 'output';
      readonly target: Name;
      /** Whether `as distribution` follows. */
      readonly distribution: boolean;
      readonly range: Range;
    }
  | {
      readonly kind: 'width';
      readonly targets: readonly Name[];
      readonly value: Name | NumberNode;
      readonly range: Range;
    };

export type Word = Name | NumberNode;

/** A setting `name = words, words` in a section of settings. */
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
  /** The range of the header's line. */
  readonly header: Range;
  /** The range from the header to the end of the last statement. */
  readonly range: Range;
}

/** The kinds of sections that hold settings. */
export type SettingsKind = 'model' | 'train' | 'task';

export interface SettingsSection {
  readonly kind: SettingsKind;
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
