// Finds the completions for a place in a `.rnn` text.

import type { Index } from '../cell.ts';
import type { Checked } from '../check.ts';
import type { CellSymbol, Scope } from '../checking/checkCell.ts';
import { bothWays } from '../options/layers.ts';
import { findOption, options } from '../options/optionTable.ts';
import { lineStart } from '../syntax/source.ts';
import type { CellSection, SettingsSection } from '../syntax/syntax.ts';
import { encoded, functions, given, initialisers, sectionWords, statementWords } from '../words.ts';
import { describeOption } from './hover.ts';
import { sectionAt } from './symbols.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'word' | 'function' | 'vector' | 'parameter' | 'constant' | 'option' | 'value' | 'cell';
  readonly detail: string;
  /** The text that is inserted if it is not the label. */
  readonly insert?: string;
}

/**
 * Proposes what may stand at an offset, each label once: a name of the cell may be a word of the language.
 * @param cells names that a layer can have
 */
export function complete(checked: Checked, offset: number, cells: Iterable<string> = []): Completion[] {
  const proposed = new Map<string, Completion>();
  for (const each of proposals(checked, offset, cells))
    if (!proposed.has(each.label)) proposed.set(each.label, each);
  return [...proposed.values()];
}

function proposals(checked: Checked, offset: number, cells: Iterable<string>): Completion[] {
  const { text } = checked.file;
  const start = lineStart(text, offset);
  const line = text.slice(start, offset);
  if (line.includes('#')) return [];
  const section = sectionAt(checked, start);
  const atStart = /^\s*[\p{L}\p{M}]*$/u.test(line);
  const sections = atStart ? words(sectionWords) : [];
  if (!section) return sections;
  if (section.kind !== 'cell') {
    const inSection = atStart ? optionNames(section) : optionValues(checked, section, line, cells);
    return [...inSection, ...sections];
  }
  const scope = checked.scopes.find((scope) => scope.section === section);
  if (!scope) return sections;
  return atStart
    ? [...targets(section, scope), ...words(statementWords), ...sections]
    : inStatement(scope, line);
}

const words = (from: ReadonlyMap<string, string>): Completion[] =>
  [...from].map(([label, detail]) => ({ label, kind: 'word', detail: detail.replaceAll('`', '') }));

function targets({ statements }: CellSection, { symbols }: Scope): Completion[] {
  const hasState = statements.some(
    (statement) => statement.kind === 'equation' && statement.target.text === 'h',
  );
  const state: Completion[] = hasState ? [] : [vector('h', '[t] = ', 'the state')];
  const starts = [...symbols.values()]
    .filter(
      ({ role, definition }) =>
        role === 'vector' && (definition?.kind !== 'equation' || definition.index === 't'),
    )
    .map(({ name }) => vector(name, '[0] = ', 'its value before the first step'));
  return [...state, ...starts];
}

const vector = (name: string, step: string, detail: string): Completion => ({
  label: `${name}${step.trim()}`,
  kind: 'vector',
  detail,
  insert: name + step,
});

function inStatement({ symbols }: Scope, line: string): Completion[] {
  const named = [...symbols.values()];
  const parameters = named
    .filter(({ role }) => role === 'matrix' || role === 'bias')
    .map(({ name, role }): Completion => ({ label: name, kind: 'parameter', detail: role }));
  const constants = named
    .filter(({ role }) => role === 'constant')
    .map(({ name, value }): Completion => ({ label: name, kind: 'constant', detail: String(value) }));
  const isOf = (index: Index) => (symbol: CellSymbol) =>
    symbol.role === 'vector' && symbol.definition?.kind === 'equation' && symbol.definition.index === index;
  const vectors = named.filter(isOf('t')).map(({ name }) => name);
  const positioned = (['s', 't,s'] as const).flatMap((index) =>
    named.filter(isOf(index)).map(({ name }) => vector(name, `[${index}]`, 'at position s')),
  );

  if (/^\s*(init|fixed)\s[^=]*$/.test(line)) return parameters;
  if (/^\s*stochastic\s/.test(line)) return parameters.filter(({ detail }) => detail === 'matrix');
  if (/^\s*(output|width)\s[^=]*$/.test(line)) {
    const biases = parameters.filter(({ detail }) => detail === 'bias');
    const trained = /^\s*width/.test(line) ? biases : [];
    return [...vectors.map((name) => vector(name, '', 'a vector')), ...trained];
  }
  if (/^\s*width\s/.test(line))
    return ['x', 'h', 'y', 'm'].map((name) => vector(name, '', `as wide as ${name}`));
  if (/^\s*init\s/.test(line)) {
    const values = [...initialisers].map(
      ([label, word]): Completion => ({
        label,
        kind: 'function',
        detail: word.description,
        ...(word.arguments.length > 0 && { insert: `${label}(` }),
      }),
    );
    return [...values, ...constants];
  }
  if (/\[0\]\s*=/.test(line)) {
    return [
      { label: 'learned', kind: 'word', detail: 'trained, like a parameter' },
      { label: given, kind: 'word', detail: 'what a decoder starts from' },
      ...constants,
      ...calls(),
    ];
  }
  // Nothing can be proposed within `[` or on the left-hand side.
  if (line.lastIndexOf('[') > line.lastIndexOf(']') || /^\s*\S+\s+$/.test(line)) return [];
  return [
    vector('x', '[t]', 'what the cell reads'),
    ...vectors.flatMap((name) => [
      vector(name, '[t-1]', 'the step before'),
      vector(name, '[t]', 'this step'),
    ]),
    ...positioned,
    ...(vectors.includes('y') ? [] : [vector('y', '[t-1]', 'the network’s output at the step before')]),
    ...parameters,
    ...constants,
    { label: given, kind: 'word', detail: 'what a decoder starts from' },
    vector(encoded, '[s]', 'what the encoder wrote at position s'),
    ...calls(),
    ...['softmax', 'sum'].map(
      (word): Completion => ({
        label: `${word} over s`,
        kind: 'function',
        detail: `e[t,s]: ${word} over the positions of the source`,
        insert: `${word} over s (`,
      }),
    ),
  ];
}

const calls = (): Completion[] =>
  [...functions].map(([label, word]) => ({
    label,
    kind: 'function',
    detail: `${word.arguments.join(', ')}: ${word.description}`,
    insert: `${label}(`,
  }));

function optionNames(section: SettingsSection): Completion[] {
  const said = new Set(section.settings.map(({ name }) => name.text));
  return options
    .filter((option) => option.section === section.kind && !said.has(option.name))
    .map((option) => ({
      label: option.name,
      kind: 'option',
      detail: describeOption(option).code,
      insert: `${option.name} = `,
    }));
}

function optionValues(
  checked: Checked,
  section: SettingsSection,
  line: string,
  cells: Iterable<string>,
): Completion[] {
  const name = /^\s*(\w+)\s*=/.exec(line)?.[1];
  const option = name === undefined ? undefined : findOption(section.kind, name);
  switch (option?.kind) {
    case 'choice':
      return [...option.choices].map(([label, detail]) => ({ label, kind: 'value', detail }));
    case 'flag':
      return ['true', 'false'].map((label) => ({ label, kind: 'value', detail: '' }));
    case 'number':
      return option.none ? [{ label: 'none', kind: 'value', detail: 'no limit' }] : [];
    case 'columns':
      return [{ label: 'auto', kind: 'value', detail: 'found in the table' }];
    case 'teach':
      return [
        { label: 'every step', kind: 'value', detail: 'all losses count' },
        { label: 'last step', kind: 'value', detail: 'the loss of the last step counts' },
      ];
    case 'layers': {
      // A number comes after the cell's name.
      const place = /[=,]\s*(both\s+)?[\p{L}\p{M}\d_]*$/u.exec(line);
      if (!place) return [];
      const word: Completion = {
        label: bothWays,
        kind: 'value',
        detail: 'a layer that reads each row from both ends',
        insert: `${bothWays} `,
      };
      const own = checked.scopes.map(({ section }) => section.name.text);
      const named = [...new Set([...own, ...cells])].map(
        (label): Completion => ({ label, kind: 'cell', detail: 'cell', insert: `${label} ` }),
      );
      return place[1] ? named : [...named, word];
    }
    default:
      return [];
  }
}
