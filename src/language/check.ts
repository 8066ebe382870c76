// Turns a syntax tree into checked cells, model and training options, and reports everything that is wrong.

import type { CheckedCell } from './cell.ts';
import { checkCell, type Scope } from './checking/checkCell.ts';
import { checkDecoders } from './checking/checkDecoders.ts';
import { checkSettings } from './options/checkSettings.ts';
import type { ModelValues, TaskValues, TrainValues } from './options/optionKinds.ts';
import { parse } from './syntax/parser.ts';
import { type Diagnostic, Report, removeLines } from './syntax/source.ts';
import type { SourceFile } from './syntax/syntax.ts';
import type { Widths } from './widths.ts';

export interface Checked {
  readonly file: SourceFile;
  /** The cells without an error, in the file's order. */
  readonly cells: readonly CheckedCell[];
  /** The options that the file sets; `modelWithDefaults` and `trainWithDefaults` add the rest. */
  readonly model: Partial<ModelValues>;
  readonly train: Partial<TrainValues>;
  /** The options of the `task` section; null where the file has none. */
  readonly task: Partial<TaskValues> | null;
  /** One scope for each cell, with or without errors. */
  readonly scopes: readonly Scope[];
  /** The diagnostics, ordered by their position in the text. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface CheckContext {
  /**
   * The known widths, which messages show as numbers; a function computes them from the file's own `model`
   * section and the names of its cells.
   */
  readonly widths?:
    | Partial<Widths>
    | ((model: Partial<ModelValues>, cells: readonly string[]) => Partial<Widths>);
  /** Names of cells outside the file that a layer can have. If they are missing, no name is refused. */
  readonly cells?: Iterable<string>;
}

/** Reads a `.rnn` text and reports everything that is wrong with it. It never throws. */
export function readCells(text: string, context: CheckContext = {}): Checked {
  const report = new Report();
  return check(parse(text, report), report, context);
}

/** @param report holds what the parser found: a cell that could not be parsed completely is not returned. */
export function check(file: SourceFile, report: Report, context: CheckContext = {}): Checked {
  const syntaxErrors = report.errors.toSorted((a, b) => a - b);
  const names = file.sections.flatMap((section) => (section.kind === 'cell' ? [section.name.text] : []));
  const known = context.cells ? new Set([...names, ...context.cells]) : null;
  const widths =
    typeof context.widths === 'function' ? context.widths(readModel(file, known), names) : context.widths;
  const scopes: Scope[] = [];
  const settings = new Map<string, object>();
  const cellNames = new Set<string>();
  /** The number of syntax errors before the section. */
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
  checkDecoders(file, scopes, report);
  return {
    file,
    cells: scopes.flatMap(({ cell }) => (cell ? [cell] : [])),
    model: settings.get('model') ?? {},
    train: settings.get('train') ?? {},
    task: settings.get('task') ?? null,
    scopes,
    diagnostics: report.diagnostics.toSorted((a, b) => a.range.from - b.range.from),
  };
}

/** Returns the options of the first `model` section; its mistakes are not reported. */
function readModel({ sections, text }: SourceFile, cells: ReadonlySet<string> | null): Partial<ModelValues> {
  const section = sections.find(({ kind }) => kind === 'model');
  return section && section.kind !== 'cell' ? checkSettings(section, new Report(), cells, text) : {};
}
