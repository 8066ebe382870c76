// Reads the values of a section of settings by the table of options.

import { type Report, removeLines, replace } from '../syntax/source.ts';
import type { Setting, SettingsKind, SettingsSection, Word } from '../syntax/syntax.ts';
import { layerUnits, readLayers } from './layers.ts';
import type { Option, OptionValue } from './optionKinds.ts';
import type { LayerOptions } from './options.ts';
import { findOption, options } from './optionTable.ts';

/** @param cells the names that a layer can have; if null, they are not known and no name is refused */
export function checkSettings(
  section: SettingsSection,
  report: Report,
  cells: ReadonlySet<string> | null,
  text: string,
): Record<string, OptionValue> {
  const values = new Map<string, OptionValue>();
  const settings = new Map<string, Setting>();
  for (const setting of section.settings) {
    const { text: name, range } = setting.name;
    const option = findOption(section.kind, name);
    if (!option) {
      unknownOption(section.kind, setting, report);
    } else if (settings.has(name)) {
      const message = `\`${name}\` is said already; only the first counts.`;
      report.error(range, message, removeLines(text, setting.range));
    } else {
      settings.set(name, setting);
      const value = readOption(option, setting, report, cells);
      if (value !== undefined) values.set(name, value);
    }
  }
  for (const [
    name,
    {
      name: { range },
    },
  ] of settings) {
    const { only } = findOption(section.kind, name)!;
    const chosen = only && values.get(only.name);
    if (only && typeof chosen === 'string' && !only.values.includes(chosen)) {
      const needs = only.values.map((value) => `\`${value}\``).join(' or ');
      report.warn(range, `\`${name}\` belongs to ${only.name} ${needs}; here it is \`${chosen}\`.`);
    }
  }
  checkTied(values, settings, report);
  checkWrites(values, settings, report);
  return Object.fromEntries(values);
}

/**
 * Checks the width of a tied matrix: it is read both as the embedding and as the output layer, so the
 * embedding must be as wide as the last layer.
 */
function checkTied(
  values: ReadonlyMap<string, OptionValue>,
  settings: ReadonlyMap<string, Setting>,
  report: Report,
): void {
  const layers = values.get('layers') as readonly LayerOptions[] | undefined;
  const embedding = values.get('embedding');
  const top = layers?.at(-1);
  const last = top && layerUnits(top);
  if (values.get('tied') !== true || embedding === undefined || last === undefined || embedding === last)
    return;
  const setting = settings.get('embedding')!;
  const mend = replace(setting.items[0][0].range, String(last), `Write \`embedding = ${last}\``);
  report.error(
    setting.range,
    `A tied output needs an embedding as wide as the last layer: ${last}, not ${embedding}.`,
    mend,
  );
}

/** The kinds of tasks that fill in one column. */
const fillOneColumn: ReadonlySet<OptionValue> = new Set(['acceptor', 'regressor', 'encoder-decoder']);

/** Checks that one column is filled in. A section that does not say its kind is of an acceptor. */
function checkWrites(
  values: ReadonlyMap<string, OptionValue>,
  settings: ReadonlyMap<string, Setting>,
  report: Report,
): void {
  const items = settings.get('writes')?.items ?? [];
  const kind = values.get('kind') ?? 'acceptor';
  if (!values.get('writes') || items.length === 1 || !fillOneColumn.has(kind)) return;
  const range = { from: items[1][0].range.from, to: items.at(-1)!.at(-1)!.range.to };
  report.error(range, '`writes` is one column.');
}

function unknownOption(section: SettingsKind, { name: { text, range } }: Setting, report: Report): void {
  const other = options.find((option) => option.name === text);
  if (other) {
    report.error(range, `\`${text}\` belongs to the \`${other.section}\` section.`);
    return;
  }
  const names = options.filter((option) => option.section === section).map(({ name }) => name);
  const likely = report.likely(text, names);
  const message = `\`${section}\` has no \`${text}\``;
  if (likely) report.error(range, `${message}: did you mean \`${likely}\`?`, replace(range, likely));
  else report.error(range, `${message}. It has ${names.join(', ')}.`);
}

function readOption(
  option: Option,
  { items, range }: Setting,
  report: Report,
  cells: ReadonlySet<string> | null,
): OptionValue | undefined {
  if (option.kind === 'layers') return readLayers(items, report, cells);
  if (option.kind === 'columns') return readColumns(items);
  if (option.kind === 'teach') return readTeach(option, { items, range }, report);
  const [[word, second], other] = items;
  // The parser has already reported the missing value.
  if (!word) return undefined;
  const extra = second ?? other?.[0];
  if (extra) {
    report.error({ from: extra.range.from, to: range.to }, `\`${option.name}\` takes one value.`);
    return undefined;
  }
  if (option.kind === 'number') return readNumber(option, word, report);
  const choices = option.kind === 'flag' ? ['true', 'false'] : [...option.choices.keys()];
  if (word.kind === 'name' && choices.includes(word.text)) {
    return option.kind === 'flag' ? word.text === 'true' : word.text;
  }
  const likely = report.likely(word.text, choices);
  const hint = likely ? ` Did you mean \`${likely}\`?` : '';
  const mend = likely === undefined ? undefined : replace(word.range, likely);
  report.error(word.range, `\`${option.name}\` is one of ${choices.join(', ')}.${hint}`, mend);
  return undefined;
}

/** Reads names of columns. The words of a name are those between two commas, with one space between them. */
function readColumns(items: Setting['items']): readonly string[] | null | undefined {
  // The parser has already reported the missing value.
  if (items.some(({ length }) => length === 0)) return undefined;
  const columns = items.map((words) => words.map(({ text }) => text).join(' '));
  return columns[0] === 'auto' && columns.length === 1 ? null : columns;
}

/** The most steps that `last N` counts. */
const mostTaught = 10_000;

function readTeach(
  { name }: Option,
  { items, range }: Pick<Setting, 'items' | 'range'>,
  report: Report,
): OptionValue | undefined {
  const words = items.flat().map((word) => (word.kind === 'name' ? word.text : word.value));
  // The parser has already reported the missing value.
  if (words.length === 0) return undefined;
  const [first, second] = words;
  if (items.length === 1 && words.length === 1 && first === 'auto') return null;
  if (items.length === 1 && words.length === 2) {
    if (first === 'every' && second === 'step') return 'every step';
    if (first === 'last' && second === 'step') return 1;
    if (first === 'last' && Number.isInteger(second) && Number(second) >= 1 && Number(second) <= mostTaught)
      return second!;
  }
  const value = { from: items[0][0].range.from, to: range.to };
  report.error(
    value,
    `\`${name}\` is \`every step\`, \`last step\`, or \`last\` with a number of steps up to ${mostTaught}.`,
  );
  return undefined;
}

function readNumber(
  option: Extract<Option, { kind: 'number' }>,
  word: Word,
  report: Report,
): number | null | undefined {
  if (word.kind === 'name') {
    if (option.none && word.text === 'none') return null;
    const none = option.none ? ', or `none` for no limit' : '';
    report.error(word.range, `\`${option.name}\` is a number${none}.`);
    return undefined;
  }
  const wrong = outside(option, word.value);
  if (!wrong) return word.value;
  report.error(word.range, `\`${option.name}\` is ${wrong}, not ${word.text}.`);
  return undefined;
}

/** Returns what the number should be, or null if it is in range. */
export function outside(option: Extract<Option, { kind: 'number' }>, value: number): string | null {
  const { whole, least, most, mostIncluded, unit } = option;
  const inside = value >= least && (mostIncluded ? value <= most : value < most);
  if (inside && (!whole || Number.isInteger(value))) return null;
  const kind = whole ? 'a whole number' : 'a number';
  return `${kind}${unit ? ` of ${unit}` : ''} from ${least} to ${mostIncluded ? '' : 'below '}${most}`;
}
