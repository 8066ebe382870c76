// Claims that must hold for any text at all, at any place in it.
import { type Checked, readCells } from '../../../../src/language/check.ts';
import { complete } from '../../../../src/language/editing/complete.ts';
import { hover } from '../../../../src/language/editing/hover.ts';
import { renamable, rename } from '../../../../src/language/editing/rename.ts';
import {
  definition,
  type OutlineItem,
  outline,
  references,
} from '../../../../src/language/editing/symbols.ts';
import { parse } from '../../../../src/language/syntax/parser.ts';
import { format } from '../../../../src/language/syntax/printer.ts';
import { apply, type Range } from '../../../../src/language/syntax/source.ts';
import type { SourceFile } from '../../../../src/language/syntax/syntax.ts';
import type { Place } from './texts.ts';

const context = { widths: { x: 5, h: 7, y: 5 }, cells: ['LSTM', 'GRU'] };

/**
 * Throws unless a claim holds. Each claim is its own kind of failure: the message's first line is the same
 * for all texts.
 */
function claim(holds: boolean, what: string, shown: () => unknown): void {
  if (!holds) throw new Error(`${what}\n${JSON.stringify(shown())}`);
}

/**
 * Tries all claims on a text.
 * @returns what the text reached: kinds of statements, and messages without their quotations
 */
export function tryText({ text, at }: Place): string {
  const checked = readCells(text, context);
  tryDiagnostics(checked);
  tryFormat(checked);
  tryPlace(checked, at);
  return reached(checked);
}

function tryDiagnostics({ file: { text }, diagnostics, cells, scopes }: Checked): void {
  const isInside = ({ from, to }: Range) => 0 <= from && from <= to && to <= text.length;
  for (const { range, message, fix } of diagnostics) {
    claim(isInside(range), 'A mistake lies outside the text.', () => ({ text, range, message }));
    claim(/[.?…]$/.test(message), 'A message is no sentence.', () => ({ text, message }));
    claim(!fix || fix.edits.every((edit) => isInside(edit.range)), 'A mend lies outside the text.', () => ({
      text,
      fix,
    }));
  }
  const isSound = diagnostics.every(({ severity }) => severity !== 'error');
  claim(!isSound || cells.length === scopes.length, 'A cell without a mistake is not there.', () => ({
    text,
  }));
}

function tryFormat({ file }: Checked): void {
  const formatted = format(file.text);
  if (formatted === null) return;
  const again = parse(formatted);
  claim(isSameFile(file, again), 'The formatted text means something else.', () => ({
    text: file.text,
    formatted,
  }));
  const twice = format(formatted);
  claim(twice === formatted, 'A formatted text is formatted differently.', () => ({
    text: file.text,
    formatted,
    twice,
  }));
}

const isSameFile = (a: SourceFile, b: SourceFile): boolean =>
  isSame(a.sections, b.sections) &&
  a.comments.length === b.comments.length &&
  a.comments.every(({ text }, i) => text === b.comments[i].text);

/** Returns whether two trees are the same apart from places. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null)
    return a === b || (Number.isNaN(a) && Number.isNaN(b));
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((each, i) => isSame(each, b[i]));
  for (const key in a)
    if (key !== 'range' && key !== 'header' && !isSame(a[key as never], b[key as never])) return false;
  return true;
}

function tryPlace(checked: Checked, at: number): void {
  const { text } = checked.file;
  const shown = () => ({ text, at });
  const isAt = ({ from, to }: Range) => 0 <= from && from <= at && at <= to && to <= text.length;
  const found = hover(checked, at, context.widths);
  claim(!found || isAt(found.range), 'What is hovered over is elsewhere.', shown);
  const places = references(checked, at);
  claim(places.length === 0 || places.some(isAt), 'A name is not among its own references.', shown);
  definition(checked, at);
  const labels = complete(checked, at, context.cells).map(({ label }) => label);
  claim(new Set(labels).size === labels.length, 'The same is proposed twice.', () => ({ text, at, labels }));
  for (const item of outline(checked)) tryOutline(item, text);
  const range = renamable(checked, at);
  if (!range) return;
  claim(isAt(range), 'What would be renamed is elsewhere.', shown);
  for (const name of ['q_1', 'Q_1', 'first', 'cell', 'é']) tryRename(checked, at, name);
}

/** Checks the outline: VS Code refuses empty names and selections outside their item. */
function tryOutline({ name, range, selection, children }: OutlineItem, text: string): void {
  claim(name !== '', 'A name of the outline is empty.', () => ({ text, range }));
  claim(
    range.from <= selection.from && selection.to <= range.to,
    'A selection of the outline lies outside.',
    () => ({
      text,
      range,
      selection,
    }),
  );
  for (const child of children) tryOutline(child, text);
}

function tryRename(checked: Checked, at: number, name: string): void {
  const { text } = checked.file;
  const edits = rename(checked, at, name);
  if (typeof edits === 'string') return;
  const renamed = readCells(apply(text, edits), context);
  const mistakes = ({ diagnostics }: Checked) =>
    diagnostics.filter(({ severity }) => severity === 'error').length;
  claim(mistakes(checked) > 0 || mistakes(renamed) === 0, 'Renaming makes a mistake.', () => ({
    text,
    at,
    name,
  }));
}

const quoted = /`[^`]*`|\d+/g;

function reached({ file, diagnostics }: Checked): string {
  const kinds = new Set<string>();
  for (const { message } of diagnostics) kinds.add(message.replace(quoted, ''));
  for (const section of file.sections) {
    kinds.add(section.kind);
    if (section.kind === 'cell')
      for (const statement of section.statements)
        kinds.add('value' in statement ? `${statement.kind} ${statement.value?.kind}` : statement.kind);
  }
  return [...kinds].sort().join('\n');
}
