// Writes a cell as a class of PyTorch: its equations line by line, or torch's own module where that has the same ones.
import type { CheckedCell } from '../../language/cell.ts';
import type { Scope } from '../../language/checking/checkCell.ts';
import type { CellSection, SourceFile } from '../../language/syntax/syntax.ts';
import { encoded, given } from '../../language/words.ts';
import { commentsOf } from './comments.ts';
import { moduleMethods } from './moduleMethods.ts';
import { type PythonParameter, parametersOf } from './parameters.ts';
import { PythonNames } from './pythonNames.ts';
import { ownWidth, widthCode } from './shapes.ts';
import { stepMethods } from './stepMethods.ts';
import { torchModule } from './torchModules.ts';

export interface CellSource {
  readonly cell: CheckedCell;
  readonly scope: Scope;
  readonly file: SourceFile;
  /** Whether the cell's steps read the network's output `y`. */
  readonly feedback: boolean;
  /** Whether the network is an encoder-decoder. */
  readonly hasEncoder: boolean;
}

/** Whether a cell reads what an encoder has written. */
const readsSource = ({ readsGiven, readsPositions }: CheckedCell): boolean => readsGiven || readsPositions;

/** Writes the class of a cell. */
export function cellClass(source: CellSource, className: string): string {
  const { cell, scope, file, feedback } = source;
  const comments = commentsOf(file, scope.section);
  const { statements } = scope.section;
  const own = cell.equations.map(({ name }) => name);
  const names = readsSource(cell)
    ? new PythonNames(['x', encoded, ...own], [given, 'mask'])
    : new PythonNames(['x', ...own]);
  const parameters = parametersOf(cell, statements, comments);
  const module = feedback ? null : torchModule(cell);
  const head = [...comments.header, ...comments.others, `class ${className}(Layer):`];
  const body = module
    ? moduleMethods(cell, module, names, parameters, linesOf(file, scope.section))
    : [
        ...renamed(parameters, names),
        ...reads(source),
        ...constructorMethod(cell, names, parameters),
        '',
        ...stepMethods(source, names, comments),
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

/** Returns the lines that tell the network what a decoder's cell reads. */
function reads({ cell, feedback, hasEncoder }: CellSource): string[] {
  const lines = [
    ...(readsSource(cell) ? ['    reads_source = True'] : []),
    ...(hasEncoder && feedback ? ['    reads_outputs = True'] : []),
  ];
  return lines.length > 0 ? [...lines, ''] : [];
}

function constructorMethod(
  cell: CheckedCell,
  names: PythonNames,
  parameters: readonly PythonParameter[],
): string[] {
  const output = cell.equations.find(({ name }) => name === cell.output)!;
  const kept = (['x', 'h', 'y', 'm'] as const).filter(
    (letter) => cell.equations.some(({ width }) => width === letter) || (letter === 'x' && cell.inputLag > 0),
  );
  return [
    `    def __init__(self, inputs, hidden, tokens${readsSource(cell) ? ', encoded' : ''}):`,
    '        super().__init__()',
    ...kept.map((letter) => `        ${ownWidth(letter)} = ${widthCode(letter)}`),
    `        self.outputs = ${widthCode(output.width)}`,
    ...parameters.flatMap(({ name, before, value, comment, trained }) => [
      ...before.map((line) => `        ${line}`),
      `        self.${names.parameter(name)} = nn.Parameter(${value}${trained ? '' : ', requires_grad=False'})  # ${comment}`,
    ]),
  ];
}
