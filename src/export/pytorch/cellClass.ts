// Writes a cell as a class of PyTorch: its equations line by line, or torch's own module where that has the same ones.
import type { CheckedCell } from '../../language/cell.ts';
import type { Scope } from '../../language/checkCell.ts';
import { order } from '../../language/order.ts';
import type { CellSection, SourceFile, Statement } from '../../language/syntax.ts';
import { plainNames } from '../../language/walk.ts';
import { type CellComments, commentsOf } from './comments.ts';
import { type ExpressionScope, expression } from './expression.ts';
import { moduleMethods } from './moduleMethods.ts';
import { carriedOf, initialMethod, type PythonParameter, parametersOf } from './parameters.ts';
import { PythonNames } from './pythonNames.ts';
import { float, ownWidth, tuple, widthCode, widthLetter } from './shapes.ts';
import { torchModule } from './torchModules.ts';

export interface CellSource {
  readonly cell: CheckedCell;
  readonly scope: Scope;
  readonly file: SourceFile;
  /** Whether some cell of the network reads its output `y`, so that all layers go step by step. */
  readonly feedback: boolean;
}

/** Writes the class of a cell. */
export function cellClass(source: CellSource, className: string): string {
  const { cell, scope, file, feedback } = source;
  const comments = commentsOf(file, scope.section);
  const { statements } = scope.section;
  const names = new PythonNames(['x', ...cell.equations.map(({ name }) => name)]);
  const parameters = parametersOf(cell, statements, comments);
  const module = feedback ? null : torchModule(cell);
  const head = [...comments.header, ...comments.others, `class ${className}(Layer):`];
  const body = module
    ? moduleMethods(cell, module, names, parameters, linesOf(file, scope.section))
    : [
        ...renamed(parameters, names),
        ...constructorMethod(cell, names, parameters),
        '',
        ...initialMethod(cell, names),
        '',
        ...step(source, names, comments),
      ];
  return [...head, ...body].join('\n');
}

/** The statements of the cell as they are written, with their comments. */
function linesOf({ text }: SourceFile, section: CellSection): string[] {
  const end = section.range.to + /^[^\r\n]*/.exec(text.slice(section.range.to))![0].length;
  return text
    .slice(section.header.to, end)
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The names of parameters that are others in Python. */
function renamed(parameters: readonly PythonParameter[], names: PythonNames): string[] {
  const different = parameters.filter(({ name }) => names.parameter(name) !== name);
  if (different.length === 0) return [];
  const pairs = different.map(({ name }) => `"${names.parameter(name)}": ${JSON.stringify(name)}`);
  return [`    names = {${pairs.join(', ')}}  # in model.safetensors`, ''];
}

function constructorMethod(
  cell: CheckedCell,
  names: PythonNames,
  parameters: readonly PythonParameter[],
): string[] {
  const output = cell.equations.find(({ name }) => name === cell.output)!;
  const kept = (['x', 'h', 'y'] as const).filter(
    (letter) => cell.equations.some(({ width }) => width === letter) || (letter === 'x' && cell.inputLag > 0),
  );
  return [
    '    def __init__(self, inputs, hidden, tokens):',
    '        super().__init__()',
    ...kept.map((letter) => `        ${ownWidth(letter)} = ${widthCode(letter)}`),
    `        self.outputs = ${widthCode(output.width)}`,
    ...parameters.flatMap(({ name, before, value, comment, trained }) => [
      ...before.map((line) => `        ${line}`),
      `        self.${names.parameter(name)} = nn.Parameter(${value}${trained ? '' : ', requires_grad=False'})  # ${comment}`,
    ]),
  ];
}

/** The method `step`: an equation a line. */
function step({ cell, scope, feedback }: CellSource, names: PythonNames, comments: CellComments): string[] {
  const { behind, before } = comments;
  const { statements } = scope.section;
  const states = carriedOf(cell);
  const used = new Set<string>();
  const constants = new Map(
    [...scope.symbols].flatMap(([name, { value }]) => (value === null ? [] : [[name, value] as const])),
  );
  const stochastic = new Set(cell.parameters.flatMap(({ name, stochastic }) => (stochastic ? [name] : [])));
  const expressionScope: ExpressionScope = {
    names,
    stochastic,
    constants,
    usesConstant: (each) => used.add(each),
  };
  const equations = cell.equations.flatMap(({ name, width, value: { width: units } }) => {
    const statement = statements.find(
      (each): each is Extract<Statement, { kind: 'equation' }> =>
        each.kind === 'equation' && each.target.text === name,
    )!;
    const value = expression(statement.value, expressionScope);
    const rows =
      value.number !== null
        ? `torch.full((x.shape[0], ${ownWidth(width)}), ${float(value.number)}, device=x.device)`
        : value.hasRows && (units !== 1 || width === 1)
          ? value.code
          : `(${value.code}).expand(x.shape[0], ${ownWidth(width)})`;
    const words = behind.get(statement)?.slice(1).trim();
    return [
      ...(before.get(statement) ?? []),
      `${names.vector(name, 0)} = ${rows}  # [B, ${widthLetter(width)}]${words ? ` ${words}` : ''}`,
    ];
  });
  const said = constantLines(statements, used, expressionScope, comments);
  const read = states.map(({ equation, lag }) => names.vector(equation.name, lag));
  const shapes = states.map(
    ({ equation: { name, width }, lag }) => `${name}[t-${lag}] [B, ${widthLetter(width)}]`,
  );
  const after = states.map(({ equation, lag }) => names.vector(equation.name, lag - 1));
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

/** The constants that the equations name, each after those that it is computed from. */
function constantLines(
  statements: readonly Statement[],
  used: Set<string>,
  scope: ExpressionScope,
  { behind, before }: CellComments,
): string[] {
  const all = new Map(
    statements.flatMap((each) => (each.kind === 'constant' ? [[each.target.text, each] as const] : [])),
  );
  const { ordered } = order(all.keys(), (name) => plainNames(all.get(name)!.value));
  // Those that others are computed from come before them, so they are looked for from the end.
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
