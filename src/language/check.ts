// Syntax tree → checked cells, model and training options, with everything that is wrong about them.

import type { CheckedCell } from './cell.ts';
import { checkCell, type Scope } from './checkCell.ts';
import { checkSettings } from './checkSettings.ts';
import type { ModelValues, TrainValues } from './optionTable.ts';
import { parse } from './parser.ts';
import { type Diagnostic, Report, removeLines } from './source.ts';
import type { SourceFile } from './syntax.ts';
import type { Widths } from './widths.ts';

export interface Checked {
  readonly file: SourceFile;
  /** Those without an error, in the file's order. */
  readonly cells: readonly CheckedCell[];
  /** What the file says; `completeModel` and `completeTrain` add the rest. */
  readonly model: Partial<ModelValues>;
  readonly train: Partial<TrainValues>;
  /** One for each cell, sound or not. */
  readonly scopes: readonly Scope[];
  /** By place. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface CheckContext {
  /** Those that are known, which messages say as numbers; the file's own `model` section may have a part in them. */
  readonly widths?:
    | Partial<Widths>
    | ((model: Partial<ModelValues>, cells: readonly string[]) => Partial<Widths>);
  /** Names of cells outside the file that a layer can have. Without it, no name is refused. */
  readonly cells?: Iterable<string>;
}

/** Everything that a `.rnn` text says, and everything that is wrong with it. Never throws. */
export function readCells(text: string, context: CheckContext = {}): Checked {
  const report = new Report();
  return check(parse(text, report), report, context);
}

/** @param report with what the parser found: a cell that it could not read whole is not handed on. */
export function check(file: SourceFile, report: Report, context: CheckContext = {}): Checked {
  const syntaxErrors = report.errors.toSorted((a, b) => a - b);
  const names = file.sections.flatMap((section) => (section.kind === 'cell' ? [section.name.text] : []));
  const known = context.cells ? new Set([...names, ...context.cells]) : null;
  const widths =
    typeof context.widths === 'function' ? context.widths(readModel(file, known), names) : context.widths;
  const scopes: Scope[] = [];
  const settings = new Map<string, object>();
  const cellNames = new Set<string>();
  /** Syntax errors before the section. */
  let passed = 0;

  for (const [index, section] of file.sections.entries()) {
    if (section.kind === 'cell') {
      const end = file.sections[index + 1]?.range.from ?? Number.POSITIVE_INFINITY;
      while (syntaxErrors[passed] < section.range.from) passed++;
      const whole = !(syntaxErrors[passed] < end);
      scopes.push(checkCell(section, { text: file.text, report, whole, widths: widths ?? {} }));
      const { text: name, range } = section.name;
      if (cellNames.has(name)) report.error(range, `There is a cell \`${name}\` in this file already.`);
      cellNames.add(name);
    } else if (settings.has(section.kind)) {
      const mend = removeLines(file.text, section.range, 'Remove this section');
      report.error(
        section.header,
        `The file has a \`${section.kind}\` section already; only the first counts.`,
        mend,
      );
    } else {
      settings.set(section.kind, checkSettings(section, report, known, file.text));
    }
  }
  return {
    file,
    cells: scopes.flatMap(({ cell }) => (cell ? [cell] : [])),
    model: settings.get('model') ?? {},
    train: settings.get('train') ?? {},
    scopes,
    diagnostics: report.diagnostics.toSorted((a, b) => a.range.from - b.range.from),
  };
}

/** What the first `model` section says; its mistakes are not reported. */
function readModel({ sections, text }: SourceFile, cells: ReadonlySet<string> | null): Partial<ModelValues> {
  const section = sections.find(({ kind }) => kind === 'model');
  return section && section.kind !== 'cell' ? checkSettings(section, new Report(), cells, text) : {};
}
