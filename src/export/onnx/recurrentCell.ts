// Recognises the cells whose equations are those of the operators LSTM, GRU and RNN of ONNX (version 14 of
// each). Names do not matter, nor the order of terms and factors.
import type { CheckedCell, Equation, Expression, UnaryFunction } from '../../language/cell.ts';

/** The parameters that a gate has; null stands for zeros. */
export interface Gate {
  /** The matrix [H × width of x]. */
  readonly x: string | null;
  /** The matrix [H × H]. */
  readonly h: string | null;
  /** The bias [H]. */
  readonly bias: string | null;
  /** The weights [H] of the memory (a peephole). */
  readonly peephole: string | null;
}

interface Common {
  /** The gates in the operator's order. */
  readonly gates: readonly Gate[];
  readonly activations: readonly string[];
  /** The name of the hidden state. */
  readonly h: string;
}

export type RecurrentCell =
  | (Common & { readonly operator: 'RNN' })
  | (Common & {
      readonly operator: 'GRU';
      /** The bias of the candidate's product with the state, where the reset gate comes after the product. */
      readonly resetAfter: { readonly bias: string | null } | null;
    })
  | (Common & {
      readonly operator: 'LSTM';
      /** The name of the memory. */
      readonly c: string;
    });

/** The activations that both sides have. */
const activations: Readonly<Partial<Record<UnaryFunction, string>>> = {
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  relu: 'Relu',
};

/** Returns the operator that computes the cell; null where none does. */
export function recurrentCell(cell: CheckedCell): RecurrentCell | null {
  return cell.outputLag > 0
    ? null
    : (new Matcher(cell).rnn() ?? new Matcher(cell).gru() ?? new Matcher(cell).lstm());
}

/** The number of terms of a gate: two products, a peephole and a bias. */
const mostTerms = 4;

type Applied = { readonly function: UnaryFunction; readonly operand: Expression };

class Matcher {
  readonly #equations: ReadonlyMap<string, Equation>;
  readonly #h: Equation;
  readonly #states: ReadonlySet<string>;
  /** Whether every vector, matrix and parameter has the widths that the operators have. */
  readonly #plain: boolean;
  #c: string | null = null;

  constructor({ equations, parameters, output }: CheckedCell) {
    this.#equations = new Map(equations.map((equation) => [equation.name, equation]));
    this.#h = this.#equations.get(output)!;
    const states = equations.filter(({ maxLag }) => maxLag > 0);
    this.#states = new Set(states.map(({ name }) => name));
    this.#plain =
      states.every(({ maxLag }) => maxLag === 1) &&
      equations.every(({ width }) => width === 'h') &&
      parameters.every(
        ({ rows, columns, stochastic }) =>
          !stochastic && rows === 'h' && (columns === 'h' || columns === 'x' || columns === 1),
      );
  }

  /** h = f(W x + U h₋₁ + b) */
  rnn(): RecurrentCell | null {
    if (!this.#areStates(this.#h.name)) return null;
    const f = this.#applied(this.#h.value);
    const gate = f && this.#gate(f.operand);
    if (!gate) return null;
    return { operator: 'RNN', h: this.#h.name, gates: [gate], activations: [activations[f.function]!] };
  }

  /** h = z ⊙ h₋₁ + (1 - z) ⊙ g */
  gru(): RecurrentCell | null {
    if (!this.#areStates(this.#h.name)) return null;
    for (const [kept, written] of this.#orders('add', this.#h.value))
      for (const [z, before] of this.#orders('multiply', kept))
        for (const [rest, g] of this.#orders('multiply', written)) {
          if (!this.#isVector(before, this.#h.name, 1) || !this.#isRest(rest, z)) continue;
          const found = this.#gru(z, g);
          if (found) return found;
        }
    return null;
  }

  #gru(update: Expression, candidate: Expression): RecurrentCell | null {
    const [z, g] = [this.#applied(update), this.#applied(candidate)];
    if (!z || !g) return null;
    const zGate = this.#gate(z.operand);
    if (!zGate) return null;
    const seen: { reset?: Expression; after?: { bias: string | null } } = {};
    const gGate = this.#gate(g.operand, (term) => {
      // W (r ⊙ h₋₁), or r ⊙ (W h₋₁ + b)
      if (term.kind === 'product' && !term.transposed)
        for (const [r, before] of this.#orders('multiply', term.operand))
          if (this.#isVector(before, this.#h.name, 1)) {
            seen.reset = r;
            return { h: term.matrix };
          }
      for (const [r, product] of this.#orders('multiply', term)) {
        const inner = this.#applied(r) && this.#gate(product);
        if (inner?.h && !inner.x) {
          Object.assign(seen, { reset: r, after: { bias: inner.bias } });
          return { h: inner.h };
        }
      }
      return null;
    });
    const r = seen.reset ? this.#applied(seen.reset) : null;
    const rGate = r && this.#gate(r.operand);
    if (!gGate || !rGate || r.function !== z.function) return null;
    return {
      operator: 'GRU',
      h: this.#h.name,
      gates: [zGate, rGate, gGate],
      activations: [activations[z.function]!, activations[g.function]!],
      resetAfter: seen.after ?? null,
    };
  }

  /** c = f ⊙ c₋₁ + i ⊙ g, h = o ⊙ a(c) */
  lstm(): RecurrentCell | null {
    for (const [o, shown] of this.#orders('multiply', this.#h.value)) {
      const a = this.#applied(shown);
      const c =
        a?.operand.kind === 'vector' && a.operand.lag === 0 ? this.#equations.get(a.operand.name) : null;
      if (!a || !c || !this.#areStates(this.#h.name, c.name)) continue;
      this.#c = c.name;
      for (const [kept, written] of this.#orders('add', c.value))
        for (const [f, before] of this.#orders('multiply', kept)) {
          if (!this.#isVector(before, c.name, 1)) continue;
          for (const [i, g] of this.#orders('multiply', written)) {
            const found = this.#lstm([i, o, f], g, a.function);
            if (found) return found;
          }
        }
    }
    return null;
  }

  #lstm(gates: readonly Expression[], candidate: Expression, shown: UnaryFunction): RecurrentCell | null {
    const applied = [...gates, candidate].map((gate) => this.#applied(gate));
    const [i, o, f, g] = applied;
    if (!i || !o || !f || !g || i.function !== o.function || i.function !== f.function) return null;
    // The gate of the output sees the memory of this step, the others that of the step before.
    const found = [i, o, f, g].map(({ operand }, index) => this.#gate(operand, null, index === 1 ? 0 : 1));
    if (found.some((gate) => !gate) || found[3]!.peephole) return null;
    return {
      operator: 'LSTM',
      h: this.#h.name,
      c: this.#c!,
      gates: found as Gate[],
      activations: [i.function, g.function, shown].map((of) => activations[of]!),
    };
  }

  #areStates(...names: readonly string[]): boolean {
    return this.#plain && this.#states.size === names.length && names.every((name) => this.#states.has(name));
  }

  /** Returns what a vector of this step stands for; a vector that later steps read stands for itself. */
  #follow(expression: Expression): Expression {
    let found = expression;
    while (found.kind === 'vector' && found.lag === 0 && !this.#states.has(found.name) && found.name !== 'x')
      found = this.#equations.get(found.name)!.value;
    return found;
  }

  #applied(expression: Expression): Applied | null {
    const found = this.#follow(expression);
    return found.kind === 'unary' && activations[found.function] ? found : null;
  }

  /** Returns both orders of the operands of a sum or a product; none where it is something else. */
  #orders(
    operator: 'add' | 'multiply',
    expression: Expression,
  ): readonly (readonly [Expression, Expression])[] {
    const found = this.#follow(expression);
    if (found.kind !== 'binary' || found.operator !== operator) return [];
    return [
      [found.left, found.right],
      [found.right, found.left],
    ];
  }

  #isVector(expression: Expression, name: string, lag: number): boolean {
    const found = this.#follow(expression);
    return found.kind === 'vector' && found.name === name && found.lag === lag;
  }

  /** Returns whether an expression is 1 - z. */
  #isRest(expression: Expression, z: Expression): boolean {
    const found = this.#follow(expression);
    if (found.kind !== 'binary' || found.operator !== 'subtract') return false;
    const { left, right } = found;
    const same = JSON.stringify(this.#follow(right)) === JSON.stringify(this.#follow(z));
    return left.kind === 'number' && left.value === 1 && same;
  }

  /**
   * Reads a sum W x + U h₋₁ + p ⊙ c + b of which any term may be missing.
   * @param special reads a term that only this gate has
   */
  #gate(
    sum: Expression,
    special: ((term: Expression) => Partial<Gate> | null) | null = null,
    memoryLag = 1,
  ): Gate | null {
    const gate: { -readonly [K in keyof Gate]: Gate[K] } = { x: null, h: null, bias: null, peephole: null };
    const terms = this.#terms(sum);
    if (!terms) return null;
    for (const term of terms) {
      const part = this.#term(term, memoryLag) ?? special?.(term) ?? null;
      if (!part) return null;
      for (const [role, name] of Object.entries(part) as [keyof Gate, string][]) {
        if (gate[role] !== null) return null;
        gate[role] = name;
      }
    }
    return gate;
  }

  /** Returns the terms of a sum; null where there are more than a gate has. */
  #terms(sum: Expression): Expression[] | null {
    const terms: Expression[] = [];
    const waiting = [sum];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const found = this.#follow(next);
      if (found.kind === 'binary' && found.operator === 'add') waiting.push(found.left, found.right);
      else terms.push(found);
      if (terms.length + waiting.length > mostTerms) return null;
    }
    return terms;
  }

  #term(term: Expression, memoryLag: number): Partial<Gate> | null {
    if (term.kind === 'parameter') return { bias: term.name };
    if (term.kind === 'product') {
      if (term.transposed) return null;
      if (this.#isVector(term.operand, 'x', 0)) return { x: term.matrix };
      return this.#isVector(term.operand, this.#h.name, 1) ? { h: term.matrix } : null;
    }
    for (const [factor, memory] of this.#orders('multiply', term))
      if (factor.kind === 'parameter' && this.#c !== null && this.#isVector(memory, this.#c, memoryLag))
        return { peephole: factor.name };
    return null;
  }
}
