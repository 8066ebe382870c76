// Describes the name under the cursor: its role, its shape, and where it comes from.

import type { Index, Initialiser, Parameter, Width } from '../cell.ts';
import type { Checked } from '../check.ts';
import type { CellSymbol, Scope } from '../checking/checkCell.ts';
import { layersText } from '../options/layers.ts';
import type { Option } from '../options/optionKinds.ts';
import type { LayerOptions } from '../options/options.ts';
import { findOption } from '../options/optionTable.ts';
import { excerpt, type Range } from '../syntax/source.ts';
import { showWidth, type Widths } from '../widths.ts';
import { functions, initialisers, sectionWords, statementWords } from '../words.ts';
import { contains, sectionAt, symbolAt } from './symbols.ts';

export interface Hover {
  readonly range: Range;
  /** A line of the language that is shown as code, or null if there is none. */
  readonly code: string | null;
  readonly text: string;
}

/** @param widths the known widths, which shapes show as numbers too */
export function hover(checked: Checked, offset: number, widths: Partial<Widths> = {}): Hover | null {
  const found = symbolAt(checked, offset);
  if (found) return { range: found.range, ...describeSymbol(checked, found.scope, found.symbol, widths) };
  const range = wordAt(checked, offset);
  if (!range) return null;
  const word = checked.file.text.slice(range.from, range.to);
  const section = sectionAt(checked, offset);
  if (section && section.kind !== 'cell') {
    const setting = section.settings.find(({ name }) => contains(name.range, offset));
    const option = setting && findOption(section.kind, setting.name.text);
    if (option) return { range, ...describeOption(option) };
  }
  const named = functions.get(word) ?? initialisers.get(word);
  if (named) {
    const values = named.arguments.length > 0 ? `(${named.arguments.join(', ')})` : '';
    return { range, code: word + values, text: `${capital(named.description)}.` };
  }
  const text = statementWords.get(word) ?? sectionWords.get(word);
  return text === undefined ? null : { range, code: null, text: `${text}.` };
}

/** Returns the word at an offset, unless it is in a comment. */
function wordAt({ file }: Checked, offset: number): Range | null {
  if (file.comments.some(({ range }) => contains(range, offset))) return null;
  const isWord = (at: number) => at >= 0 && /[\p{L}\p{N}_]/u.test(file.text.charAt(at));
  let [from, to] = [offset, offset];
  while (isWord(from - 1)) from--;
  while (isWord(to)) to++;
  return from < to ? { from, to } : null;
}

const positioned: Readonly<Record<Index, string>> = {
  t: 'A vector that changes with time.',
  s: 'A vector at each position of the source, which is computed once.',
  't,s': 'A vector at each step for each position of the source.',
};

function describeSymbol(
  checked: Checked,
  { cell, section }: Scope,
  symbol: CellSymbol,
  widths: Partial<Widths> = {},
) {
  const { name, role, rows, columns, definition, value } = symbol;
  const code = definition ? oneLine(checked, definition.range) : null;
  const units = rows === 1 ? '1 unit' : `${shape([rows], widths)} units`;
  switch (role) {
    case 'input':
      return { code, text: `What the cell reads at this step: a symbol, or the layer below. ${units}.` };
    case 'network output':
      return {
        code,
        text: `The network’s output: the probability of each symbol, at the step before. ${units}.`,
      };
    case 'given':
      return {
        code,
        text: `What a decoder starts from: the encoder’s output when it has read the whole source, from both ends where it reads both ways. ${units}.`,
      };
    case 'encoder output':
      return { code, text: `What the encoder wrote at each position of the source. ${units} at each.` };
    case 'constant':
      return { code, text: `A constant: ${value}.` };
    case 'vector': {
      const equation = cell?.equations.find((equation) => equation.name === name);
      const initial = section.statements.find((s) => s.kind === 'initial' && s.target.text === name);
      const start = initial
        ? ` Starts from ${codeSpan(oneLine(checked, initial.range))}.`
        : equation && equation.maxLag > 0
          ? ' Starts from zero.'
          : '';
      const output = cell?.output === name ? ' The next layer sees it.' : '';
      const kind = positioned[definition?.kind === 'equation' ? definition.index : 't'];
      return { code, text: `${kind} ${units}.${start}${output}` };
    }
    case 'matrix':
    case 'bias': {
      const parameter = cell?.parameters.find((parameter) => parameter.name === name);
      const what =
        role === 'matrix'
          ? `A matrix: ${shape([rows, columns!], widths)}, rows by columns.`
          : `A vector of parameters. ${units}.`;
      return { code, text: what + (parameter ? ` ${describeParameter(parameter)}` : '') };
    }
  }
}

const describeParameter = ({ trained, initialiser, stochastic }: Parameter): string => {
  const begins = `${trained ? 'Trained' : 'Fixed'}, begins as ${describeInitialiser(initialiser)}`;
  return stochastic
    ? `${begins} and is softmax of that, column by column: each column sums to 1.`
    : `${begins}.`;
};

const radius = ({ radius }: { readonly radius: number | null }): string =>
  radius === null ? '' : ` radius ${radius}`;

function describeInitialiser(initialiser: Initialiser): string {
  switch (initialiser.kind) {
    case 'constant':
      return `\`${initialiser.value}\``;
    case 'uniform':
      return `\`uniform(${initialiser.limit})\``;
    case 'normal':
      return `\`normal(${initialiser.deviation})\``;
    case 'identity':
    case 'orthogonal':
      return `\`${initialiser.kind}${radius(initialiser)}\``;
    case 'sparse':
      return `\`sparse(${initialiser.density})${radius(initialiser)}\``;
    case 'connections':
      return `\`connections(${initialiser.count})${radius(initialiser)}\``;
    default:
      return `\`${initialiser.kind}\``;
  }
}

/** Formats a shape as `h×x`, or as `h×x = 64×32` if the widths are known. */
function shape(parts: readonly Width[], widths: Partial<Widths> = {}): string {
  const letters = parts.join('×');
  const numbers = parts.map((part) => showWidth(part, widths)).join('×');
  return letters === numbers ? letters : `${letters} = ${numbers}`;
}

export function describeOption(option: Option): { code: string; text: string } {
  const text = [option.description];
  if (option.kind === 'choice') {
    for (const [name, meaning] of option.choices) text.push(`\n- \`${name}\`: ${meaning}`);
  }
  if (option.kind === 'number') {
    const most = `${option.mostIncluded ? '' : 'below '}${option.most}`;
    text.push(` From ${option.least} to ${most}${option.unit ? ` ${option.unit}` : ''}.`);
    if (option.none) text.push(' `none` is no limit.');
  }
  if (option.kind === 'columns') text.push(' `auto` finds it in the table.');
  if (option.only) text.push(` Only where \`${option.only.name}\` is ${option.only.values.join(' or ')}.`);
  return { code: `${option.name} = ${writeValue(option)}`, text: text.join('') };
}

/** Formats an option's default as it is written in a file. */
function writeValue({ kind, default: value }: Option): string {
  if (value === null) return kind === 'columns' || kind === 'teach' ? 'auto' : 'none';
  if (typeof value !== 'object') return String(value);
  return layersText(value as readonly LayerOptions[]);
}

/**
 * Returns the text on one line, without comments and cut if it is long. Unprintable characters, which a
 * faulty text may contain, are replaced.
 */
function oneLine({ file }: Checked, { from, to }: Range): string {
  const line = file.text
    .slice(from, to)
    .replace(/#[^\r\n]*/g, '')
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\ufffd');
  return excerpt(line, { from: 0, to: line.length }, longestCode);
}

/** The largest number of characters of an equation that is shown. */
const longestCode = 1000;

/**
 * Fences the text with more backticks than occur in a row in it, so that nothing in it is Markdown
 * (CommonMark 6.1).
 */
function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
