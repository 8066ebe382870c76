// Reads the text of a `.rnn` file or of the settings, and describes its first mistake in a sentence.
import type { CheckedCell } from '../language/cell.ts';
import { type CheckContext, type Checked, readCells } from '../language/check.ts';
import type { Diagnostic } from '../language/syntax/source.ts';
import { Problem, SettingsProblem } from '../protocol/problem.ts';

/**
 * Reads a text that must be free of mistakes.
 * @param what a name for the text, which begins a sentence
 * @throws Problem when anything in the text is wrong
 */
export function readOptions(text: string, what: string, context: CheckContext = {}): Checked {
  const checked = readCells(text, context);
  const [mistake, ...others] = mistakes(checked);
  if (mistake) throw problemOf(text, what, mistake, others.length);
  return checked;
}

/**
 * Reads a file whose cells may be unfinished: only a caller that uses one of those, with `readCell`, gets a
 * Problem.
 *
 * @throws Problem when anything else in it is wrong
 */
export function readFile(text: string, what: string, context: CheckContext = {}): Checked {
  const checked = readCells(text, context);
  const unfinished = new Set(checked.scopes.flatMap(({ section, cell }) => (cell ? [] : [section])));
  const [mistake, ...others] = mistakes(checked).filter(({ range }) => {
    const section = checked.file.sections.findLast((each) => each.range.from <= range.from);
    return section?.kind !== 'cell' || !unfinished.has(section);
  });
  if (mistake) throw problemOf(text, what, mistake, others.length);
  return checked;
}

/**
 * Reads the last cell of a file whose other cells may be unfinished.
 *
 * @throws Problem when there is none, or a mistake in it
 */
export function readLastCell(text: string, what: string): CheckedCell {
  const last = readFile(text, what).scopes.at(-1);
  if (last) return readCell(text, what, last.section.name.text);
  throw new Problem(
    `${what} has no cell: one begins with a line such as \`cell Mine\`, and its equations follow.`,
  );
}

/**
 * Reads one cell of a file whose other cells may be unfinished.
 *
 * @throws Problem when there is none of that name, or a mistake in it
 */
export function readCell(text: string, what: string, name: string): CheckedCell {
  const checked = readCells(text);
  const scope = checked.scopes.find(({ section }) => section.name.text === name);
  if (!scope) {
    const names = checked.scopes.map(({ section }) => `\`${section.name.text}\``);
    const wayOut = names.length === 0 ? 'write it' : `name ${names.join(' or ')}, or write it`;
    throw new Problem(`${what} has no cell \`${name}\`: ${wayOut}.`);
  }
  if (scope.cell) return scope.cell;
  const [mistake, ...others] = mistakes(checked).filter(
    ({ range }) => range.from >= scope.section.range.from,
  );
  throw problemOf(text, what, mistake, others.length);
}

const mistakes = ({ diagnostics }: Checked): readonly Diagnostic[] =>
  diagnostics.filter(({ severity }) => severity === 'error');

/**
 * The name for the settings' text. Messages about it give no line numbers, since the user knows no lines of
 * it.
 */
export const theSettings = 'The settings';

function problemOf(text: string, what: string, { range, message }: Diagnostic, others: number): Problem {
  if (what === theSettings) return new SettingsProblem(settingAt(text, range.from), message);
  const line = text.slice(0, range.from).split(/\r\n|\n|\r/).length;
  const more =
    others === 0 ? '' : ` (${others === 1 ? 'One more mistake comes' : `${others} more come`} after it.)`;
  return new Problem(`${what} has a mistake in line ${line}: ${message}${more}`);
}

/** Returns the setting on the line of an offset in the settings' text, with its section: `train.k1`. */
function settingAt(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  const section = lines.findLast((line) => /^\w/.test(line)) ?? '';
  const line = text.split('\n')[lines.length - 1];
  return `${section}.${line.split('=', 1)[0].trim()}`;
}
