// Writes the methods of a cell whose equations stand in Python line by line: its state before the first step, and a step.
import type { CheckedCell, Equation, Index, Width } from '../../language/cell.ts';
import type { Scope } from '../../language/checking/checkCell.ts';
import { order } from '../../language/checking/order.ts';
import type { Node, Statement } from '../../language/syntax/syntax.ts';
import { plainNames } from '../../language/syntax/walk.ts';
import { encoded, given } from '../../language/words.ts';
import type { CellComments } from './comments.ts';
import { type ExpressionScope, expression, type Python } from './expression.ts';
import { carriedOf, initialMethod, initialShapes, initialStates, returned } from './parameters.ts';
import type { PythonNames } from './pythonNames.ts';
import { float, ownWidth, tuple, widthLetter } from './shapes.ts';

interface SteppedCell {
  readonly cell: CheckedCell;
  readonly scope: Scope;
  /** Whether `step` is given the outputs of the steps before. */
  readonly feedback: boolean;
}

type Product = Extract<Node, { kind: 'product' }>;

/**
 * Writes the methods of a cell. A cell that reads what an encoder has written has `begin` in place of `initial`: it
 * computes what does not depend on the step, and hands it from step to step beside the state.
 */
export function stepMethods(source: SteppedCell, names: PythonNames, comments: CellComments): string[] {
  return new StepWriter(source, names, comments).methods();
}

class StepWriter {
  readonly #source: SteppedCell;
  readonly #names: PythonNames;
  readonly #comments: CellComments;
  readonly #statements: readonly Statement[];
  readonly #base: Pick<ExpressionScope, 'names' | 'stochastic' | 'constants'>;
  /** The names in Python of what steps read of the source. */
  readonly #ofSource = new Set<string>();
  /** Products that are computed once, by their code. */
  readonly #products = new Map<
    string,
    { readonly name: string; readonly line: string; readonly shape: string }
  >();

  constructor(source: SteppedCell, names: PythonNames, comments: CellComments) {
    const { cell, scope } = source;
    this.#source = source;
    this.#names = names;
    this.#comments = comments;
    this.#statements = scope.section.statements;
    this.#base = {
      names,
      stochastic: new Set(cell.parameters.flatMap(({ name, stochastic }) => (stochastic ? [name] : []))),
      constants: new Map(
        [...scope.symbols].flatMap(([name, { value }]) => (value === null ? [] : [[name, value] as const])),
      ),
    };
  }

  methods(): string[] {
    const { cell } = this.#source;
    const once = new Set<string>();
    const onceScope = this.#scope(once, null);
    const step = this.#step(this.#scope(new Set(), (product) => this.#once(product, onceScope)));
    const initial =
      cell.readsGiven || cell.readsPositions ? this.#begin(once, onceScope) : this.#initial(once, onceScope);
    return [...initial, '', ...step];
  }

  #scope(used: Set<string>, once: ExpressionScope['once']): ExpressionScope & { readonly used: Set<string> } {
    return {
      ...this.#base,
      used,
      usesConstant: (name) => used.add(name),
      usesSource: (name) => once && this.#ofSource.add(name),
      once,
    };
  }

  /** The method `initial`, of the state alone. */
  #initial(used: Set<string>, scope: ExpressionScope): string[] {
    const { cell } = this.#source;
    return initialMethod(
      cell,
      this.#names,
      (name) => this.#start(name, scope),
      () => [...this.#constants(used, scope), ...this.#startComments()],
    );
  }

  /** The method `begin`: the state, and what steps read of the source. */
  #begin(used: Set<string>, scope: ExpressionScope): string[] {
    const { cell } = this.#source;
    const equations = this.#equations(['s'], scope);
    const rows = { size: `len(${given})`, device: `${given}.device` };
    const states = initialStates(cell, this.#names, rows, (name) => this.#start(name, scope));
    const shapes = initialShapes(cell);
    const read = this.#sourceNames();
    return [
      `    def begin(self, ${given}, ${this.#names.vector(encoded, 0)}, mask):`,
      `        """What the steps read, of the encoder's end [B, M], its outputs m[s] [B, S, M] and their mask [B, S, 1]:`,
      `        ${[...(shapes === '' ? [] : [shapes]), ...read.map(({ shape }) => shape)].join(', ')}."""`,
      ...this.#constants(used, scope).map((line) => `        ${line}`),
      ...equations.map((line) => `        ${line}`),
      ...[...this.#products.values()].map(({ line }) => `        ${line}`),
      ...this.#startComments().map((line) => `        ${line}`),
      ...returned([...states, ...read.map(({ name }) => name)]),
    ];
  }

  /** The value of a state before the first step. */
  #start(name: string, scope: ExpressionScope): Python {
    const statement = this.#statements.find(
      (each): each is Extract<Statement, { kind: 'initial' }> =>
        each.kind === 'initial' && each.target.text === name,
    )!;
    return expression(statement.value!, scope);
  }

  /** The comments on the states that are computed. */
  #startComments(): string[] {
    const { behind, before } = this.#comments;
    const computed = new Set(
      this.#source.cell.equations.flatMap(({ name, initial }) => (initial.kind === 'computed' ? [name] : [])),
    );
    return this.#statements.flatMap((statement) => {
      if (statement.kind !== 'initial' || !computed.has(statement.target.text)) return [];
      const words = behind.get(statement)?.slice(1).trim();
      return [
        ...(before.get(statement) ?? []),
        ...(words ? [`# ${statement.target.text}[0]: ${words}`] : []),
      ];
    });
  }

  /** Computes a product once for a source. */
  #once(product: Product, scope: ExpressionScope): Python {
    const value = expression(product, scope);
    const known = this.#products.get(value.code);
    const matrix = this.#source.cell.parameters.find(({ name }) => name === product.matrix.text)!;
    const width = product.transpose === null ? matrix.rows : matrix.columns;
    const shape = shapeOf(width, value.hasPositions ? 's' : 't');
    const name =
      known?.name ??
      this.#names.local(
        value.code,
        `${this.#names.parameter(matrix.name)}_${this.#operand(product.operand)}`,
      );
    if (!known) this.#products.set(value.code, { name, line: `${name} = ${value.code}  # ${shape}`, shape });
    this.#ofSource.add(name);
    return { ...value, code: name };
  }

  /** A name for what is multiplied. */
  #operand(node: Node): string {
    if (node.kind === 'group') return this.#operand(node.inner);
    if (node.kind === 'name') return node.text;
    return node.kind === 'at' ? this.#names.vector(node.name.text, 0) : 's';
  }

  /** The names of what steps read of the source, with what they are. */
  #sourceNames(): { readonly name: string; readonly shape: string }[] {
    const { cell } = this.#source;
    const positioned = cell.equations
      .filter(({ index }) => index === 's')
      .map(({ name, width }) => ({
        name: this.#names.vector(name, 0),
        shape: `${name}[s] ${shapeOf(width, 's')}`,
      }));
    const m = this.#names.vector(encoded, 0);
    const all = [
      { name: given, shape: `${given} [B, M]` },
      { name: m, shape: 'm[s] [B, S, M]' },
      { name: 'mask', shape: 'mask [B, S, 1]' },
      ...positioned.filter(({ name }) => name !== m),
      ...[...this.#products.values()].map(({ name, shape }) => ({ name, shape: `${name} ${shape}` })),
    ];
    return all.filter(({ name }) => this.#ofSource.has(name));
  }

  /** The method `step`: an equation a line. */
  #step(scope: ExpressionScope & { readonly used: Set<string> }): string[] {
    const { cell, feedback } = this.#source;
    const names = this.#names;
    const states = carriedOf(cell);
    const equations = this.#equations(['t', 't,s'], scope);
    const said = this.#constants(scope.used, scope);
    const ofSource = this.#sourceNames();
    const read = [
      ...states.map(({ equation, lag }) => names.vector(equation.name, lag)),
      ...ofSource.map(({ name }) => name),
    ];
    const shapes = [
      ...states.map(({ equation: { name, width }, lag }) => `${name}[t-${lag}] [B, ${widthLetter(width)}]`),
      ...ofSource.map(({ shape }) => shape),
    ];
    const after = [
      ...states.map(({ equation, lag }) => names.vector(equation.name, lag - 1)),
      ...ofSource.map(({ name }) => name),
    ];
    const outputs = Array.from({ length: cell.outputLag }, (_, index) => names.vector('y', index + 1));
    return [
      `    def step(self, x, ${feedback ? 'y, ' : ''}state):`,
      `        """One step: x [B, X]${feedback ? ', the outputs y[t-1], y[t-2], … [B, V]' : ''} and the state before it → ${cell.output}[t] and the state after it."""`,
      ...(read.length > 0 ? [`        ${tuple(read)} = state  # ${shapes.join(', ')}`] : []),
      ...outputs.map(
        (name, index) =>
          `        ${name} = y[${index}]  # [B, V], the probabilities ${index + 1} step${index > 0 ? 's' : ''} before`,
      ),
      ...said.map((line) => `        ${line}`),
      ...equations.map((line) => `        ${line}`),
      `        return ${names.vector(cell.output, 0)}, ${tuple(after)}`,
    ];
  }

  /** The equations of vectors with one of some indices, as lines. */
  #equations(of: readonly Index[], scope: ExpressionScope): string[] {
    const { behind, before } = this.#comments;
    return this.#source.cell.equations
      .filter(({ index }) => of.includes(index))
      .flatMap((equation) => {
        const statement = this.#statements.find(
          (each): each is Extract<Statement, { kind: 'equation' }> =>
            each.kind === 'equation' && each.target.text === equation.name,
        )!;
        const value = asRows(equation, expression(statement.value, scope));
        const words = behind.get(statement)?.slice(1).trim();
        const { name, width, index } = equation;
        return [
          ...(before.get(statement) ?? []),
          `${this.#names.vector(name, 0)} = ${value}  # ${shapeOf(width, index)}${words ? ` ${words}` : ''}`,
        ];
      });
  }

  /** The constants that expressions name, each after those that it is computed from. */
  #constants(used: Set<string>, scope: ExpressionScope): string[] {
    const { behind, before } = this.#comments;
    const all = new Map(
      this.#statements.flatMap((each) =>
        each.kind === 'constant' ? [[each.target.text, each] as const] : [],
      ),
    );
    const { ordered } = order(all.keys(), (name) => plainNames(all.get(name)!.value));
    // A constant comes before those that are computed from it, so that the used ones are looked for from the end.
    const lines = ordered.toReversed().map((name) => {
      const statement = all.get(name)!;
      if (!used.has(name)) return [];
      const comment = behind.get(statement);
      const { code } = expression(statement.value, scope);
      return [
        ...(before.get(statement) ?? []),
        `${scope.names.constant(name)} = ${code}${comment ? `  ${comment}` : ''}`,
      ];
    });
    return lines.reverse().flat();
  }
}

/** The shape of a vector at an index, for a comment. */
const shapeOf = (width: Width, index: Index): string =>
  `[B, ${index === 't' ? '' : 'S, '}${widthLetter(width)}]`;

/** Gives the value of an equation a row for each stream, and all of its units. */
function asRows(
  { width, value: { width: units } }: Equation,
  { code, number, hasRows, hasPositions }: Python,
): string {
  if (number !== null)
    return `torch.full((x.shape[0], ${ownWidth(width)}), ${float(number)}, device=x.device)`;
  if (hasRows && (units !== 1 || width === 1)) return code;
  return `(${code}).expand(${hasPositions ? '-1, -1' : 'x.shape[0]'}, ${ownWidth(width)})`;
}
