// Generates cells from the grammar of the language: every operator and function, matrices before vectors of
// every kind, several lags, states that are given, learned or learned in part, and widths of their own.
import { functionsOfOne as allFunctionsOfOne } from '../../../backend/networks.ts';
import { Choices } from './choices.ts';

type Width = 'h' | 'x' | 'y' | 'n';

/** A vector that an equation defines. */
interface Vector {
  readonly name: string;
  readonly width: Width;
}

const names = ['h', 'c', 's', 'p'] as const;
const widths: readonly Width[] = ['h', 'h', 'h', 'x', 'n', 'y'];
/** The number of units of a vector with a width of its own. */
const ownUnits = 3;
const numbers = ['1', '2', '0.5', '0.1', '3', '0', '-1.5', '1e-3', 'leak', 'keep'] as const;
/** The functions whose value has the width of their argument. */
const functionsOfOne = allFunctionsOfOne.filter((name) => name !== 'sum');
/** The greatest depth of nesting. */
const deepest = 4;

/** Returns a cell as text, which the language accepts nearly always. */
export function cellOf(from: readonly number[]): string {
  const choices = new Choices(from);
  const count = 1 + choices.below(4);
  const vectors = names
    .slice(0, count)
    .map((name, index): Vector => ({ name, width: index === 0 ? 'h' : choices.of(widths) }));
  const writer = new Writer(choices, vectors);
  const equations = vectors.map((_, index) => writer.equation(index));
  const text = equations.join('\n');
  return ['cell A', ...equations, ...declarations(choices, vectors, text)].join('\n  ');
}

class Writer {
  readonly #choices: Choices;
  readonly #vectors: readonly Vector[];
  /** The vector whose equation is being written: those after it are known at this step. */
  #own = 0;

  constructor(choices: Choices, vectors: readonly Vector[]) {
    this.#choices = choices;
    this.#vectors = vectors;
  }

  equation(index: number): string {
    // The first one is `h`, which is seen from outside and may read all the others.
    this.#own = index;
    const { name, width } = this.#vectors[index];
    const terms = Array.from({ length: 1 + this.#choices.below(3) }, () => this.#term(width, deepest));
    const sum = terms.join(this.#choices.once(4) ? ' - ' : ' + ');
    const call = this.#choices.of(['tanh', '', 'σ', 'relu', 'softmax', 'norm']);
    return `${name}[t] = ${call === '' ? sum : `${call}(${sum})`}`;
  }

  #expression(width: Width, depth: number): string {
    if (depth <= 0 || this.#choices.spent) return this.#leaf(width);
    switch (this.#choices.below(4)) {
      case 0:
        return this.#leaf(width);
      case 1:
        return this.#term(width, depth);
      default:
        return `${this.#term(width, depth - 1)} ${this.#choices.of(['+', '-'])} ${this.#term(width, depth - 1)}`;
    }
  }

  #term(width: Width, depth: number): string {
    if (depth <= 0 || this.#choices.spent) return this.#leaf(width);
    switch (this.#choices.below(12)) {
      case 0:
      case 1:
      case 2:
        return this.#leaf(width);
      case 3:
        return `${this.#factor(width, depth)} * ${this.#factor(width, depth)}`;
      case 4:
        return this.#quotient(width, depth);
      case 5:
        return this.#power(width, depth);
      case 6:
        return `${this.#choices.of(numbers)} * ${this.#factor(width, depth)}`;
      case 7:
        return this.#product(width, depth);
      case 8:
        return `-${this.#factor(width, depth)}`;
      default:
        return this.#call(width, depth);
    }
  }

  #factor(width: Width, depth: number): string {
    return this.#choices.below(2) === 0 ? this.#leaf(width) : `(${this.#expression(width, depth - 1)})`;
  }

  #quotient(width: Width, depth: number): string {
    const above = this.#factor(width, depth);
    switch (this.#choices.below(5)) {
      case 0:
        return `${above} / ${this.#choices.of(['2', '0.5', '3'])}`;
      case 4:
        return `${above} / ${this.#choices.once(3) ? '' : '1.5 + '}${this.#factor(width, depth)}`;
      default:
        return `${above} / (2 + abs(${this.#expression(width, depth - 1)}))`;
    }
  }

  #power(width: Width, depth: number): string {
    const base = `(${this.#expression(width, depth - 1)})`;
    const safe = `(1 + abs(${this.#expression(width, depth - 1)}))`;
    switch (this.#choices.below(7)) {
      case 0:
        return `${base}^2`;
      case 1:
        return `${base}^3`;
      case 2:
        return `${safe}^${this.#leaf(width)}`;
      case 3:
        return `${safe}^-${this.#choices.of(['1', '0.5', '2'])}`;
      case 4:
        return `(1 + ${base}^2)^${this.#factor(width, depth)}`;
      case 5:
        return `${safe}^${this.#choices.of(['0.5', '1.5', '1', '0'])}`;
      default:
        return `${base}^${this.#choices.of(['2', '4', '1', '3', '2', '0', '-1', '0.5'])}`;
    }
  }

  #call(width: Width, depth: number): string {
    const v = () => this.#expression(width, depth - 1);
    switch (this.#choices.below(18)) {
      case 0:
        return `exp(-abs(${v()}))`;
      case 1:
        return `log(2 + abs(${v()}))`;
      case 2:
        return `log(1 + exp(${v()}))`;
      case 3:
        return `sqrt(1 + (${v()})^2)`;
      case 4:
        return `sqrt(abs(${v()}) + 0.1)`;
      case 5:
        return `min(${v()}, ${v()})`;
      case 6:
        return `max(${v()}, ${this.#choices.of(numbers)})`;
      case 7:
        return `clip(${v()}, -0.3, 0.4)`;
      case 8:
        return `clip(${v()}, -abs(${v()}), 1)`;
      case 9:
        return `max(${v()}, ${v()})`;
      case 10:
        return `sqrt(exp(${v()}))`;
      case 11:
        // The product has the width of the whole, over which the sum spreads.
        return `sum(${this.#expression(this.#choices.of(widths), depth - 1)}) * ${this.#product(width, 0)}`;
      default:
        return `${this.#choices.of(functionsOfOne)}(${v()})`;
    }
  }

  #leaf(width: Width): string {
    switch (this.#choices.below(8)) {
      case 0:
      case 1:
      case 2:
        return this.#product(width, 0);
      case 3:
      case 4:
        return this.#bias(width);
      default:
        return this.#read(width) ?? this.#product(width, 0);
    }
  }

  /**
   * Writes a product. A matrix is named by its shape, so that the same one may be used twice, also as its
   * transpose; each shape has two.
   */
  #product(width: Width, depth: number): string {
    const of = this.#choices.of<Width>(['x', 'h', 'h', 'y', 'n', 'x']);
    const letter = this.#choices.once(3) ? 'V' : 'W';
    const name = this.#choices.once(6) ? `${letter}_${of}${width}ᵀ` : `${letter}_${width}${of}`;
    if (depth > 0) return `${name} (${this.#expression(of, depth - 1)})`;
    const vector = this.#read(of);
    if (vector !== null && !this.#choices.once(6)) return `${name} ${vector}`;
    if (this.#choices.once(2)) return `${name} W_${of}x x[t]`;
    return `${name} ${this.#bias(of)}`;
  }

  #bias(width: Width): string {
    return `${this.#choices.of(['b', 'a', 'g'])}_${width}`;
  }

  /** Reads a vector of this width, if there is one. */
  #read(width: Width): string | null {
    const found = this.#vectors.filter((vector) => vector.width === width).map(({ name }) => name);
    const readable: string[] = [...(width === 'x' ? ['x'] : []), ...found, ...(width === 'y' ? ['y'] : [])];
    if (readable.length === 0) return null;
    const name = this.#choices.of(readable);
    if (name === 'x') return this.#choices.once(5) ? `x[t-${this.#choices.of([1, 2])}]` : 'x[t]';
    const index = this.#vectors.findIndex((vector) => vector.name === name);
    const isKnown = index > this.#own;
    if (isKnown && this.#choices.below(2) === 0) return `${name}[t]`;
    return `${name}[t-${this.#choices.of([1, 1, 1, 2, 3])}]`;
  }
}

/** Returns the lines of a cell beside its equations. */
function declarations(choices: Choices, vectors: readonly Vector[], equations: string): string[] {
  const lines: string[] = [];
  for (const { name, width } of vectors)
    if (width !== 'h') lines.push(`width ${name} = ${width === 'n' ? ownUnits : width}`);
  const matrices = [...new Set(equations.match(/[WV]_[hxyn]{2}/g))];
  const biases = [...new Set(equations.match(/[bag]_[hxyn]/g))];
  // Without a vector of that width, `n` would have no known width.
  const hasOwn = vectors.some(({ width }) => width === 'n');
  if (!hasOwn && /_\w?n/.test(equations)) lines.push(`q[t] = q[t-1] + b_n`, `width q = ${ownUnits}`);
  if (/keep/.test(equations)) lines.push('keep = 1 - leak');
  if (/keep|leak/.test(equations)) lines.push('leak = 0.3');
  for (const name of matrices)
    if (choices.once(5)) {
      const square = name[2] === name[3] ? ['sparse(0.5) radius 0.9'] : [];
      lines.push(
        `init ${name} = ${choices.of(['orthogonal', 'identity', 'uniform(0.5)', 'normal(0.3)', 'sparse(0.4)', '0.3', 'zeros', ...square])}`,
      );
    }
  for (const name of biases)
    if (choices.once(5))
      lines.push(`init ${name} = ${choices.of(['1', 'uniform(0.5)', 'normal(0.3)', '-2'])}`);
  for (const name of [...matrices, ...biases]) if (choices.once(12)) lines.push(`fixed ${name}`);
  for (const name of matrices) if (choices.once(15)) lines.push(`stochastic ${name}`);
  for (const { name } of vectors)
    if (choices.once(3))
      lines.push(
        `${name}[0] = ${choices.of(['learned', '0.5', 'learned from 0.3 first 2', '1 first 3', 'learned first 9', '-1'])}`,
      );
  if (vectors.length > 1 && choices.once(4)) lines.push(`output ${choices.of(vectors).name}[t]`);
  return lines;
}
