// Makes the configuration of a run from the settings and a `.rnn` file.

import type { Architecture } from '../backend/engine.ts';
import { builtinCells } from '../cells/index.ts';
import type { CheckedCell } from '../language/cell.ts';
import { type Checked, readCells } from '../language/check.ts';
import {
  modelWithDefaults,
  taskWithDefaults,
  trainWithDefaults,
} from '../language/options/optionDefaults.ts';
import type {
  LayerOptions,
  ModelOptions,
  Pool,
  TaskOptions,
  TrainOptions,
} from '../language/options/options.ts';
import { parse } from '../language/syntax/parser.ts';
import { Problem } from '../protocol/problem.ts';
import type { TaskChoice, TaskName } from '../protocol/task.ts';
import { checkEncoder } from './checkEncoder.ts';
import { checkSize } from './networkSize.ts';
import { readCell, readFile, readOptions, theSettings } from './readOptions.ts';

/** The options of a run, as the editor or the command line has them. */
export interface RequestedOptions {
  /** The values of VS Code's settings by name, such as `train.k1`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The text of a `.rnn` file, which takes precedence over the settings. */
  readonly definition: string | null;
  /** Values of the command line, by the names of settings, which take precedence over the file. */
  readonly options?: Readonly<Record<string, unknown>>;
  /**
   * The cell of the file that every layer uses, unless the file's layers name it. If it is null and the
   * file has no layers, the file's last cell is used.
   */
  readonly cell: string | null;
  /** The task; the `.rnn` file says it where it is left out. */
  readonly task?: TaskChoice;
}

/** The options of a run, complete and checked. */
export interface RunConfiguration {
  readonly model: ModelOptions;
  readonly train: TrainOptions;
  /** The text of every cell that a layer names. */
  readonly cells: Readonly<Record<string, string>>;
  /** The task that the `.rnn` file names; null where it names none. */
  readonly task: TaskOptions | null;
}

const theFile = 'The `.rnn` file';

/** Makes the configuration of a run. @throws Problem when an option or a cell is wrong */
export function configure({
  settings,
  definition,
  options = {},
  cell,
  task,
}: RequestedOptions): RunConfiguration {
  const known = { cells: builtinCells.keys() };
  const file = readFile(definition ?? '', theFile, known);
  const own = new Map(
    file.scopes.map(({ section }) => [
      section.name.text,
      file.file.text.slice(section.range.from, section.range.to),
    ]),
  );
  const all = { cells: [...builtinCells.keys(), ...own.keys()] };
  const said = readOptions(settingsText(settings), theSettings, all);
  const first = readOptions(settingsText(options), theSettings, all);
  const model = modelWithDefaults({ ...file.model, ...first.model }, said.model);
  const train = trainWithDefaults({ ...file.train, ...first.train }, said.train);
  const layers = layersOf(file, model.layers, cell);
  const named = taskNameOf(task, definition) === 'encoder-decoder' ? [...model.encoder, ...layers] : layers;
  for (const { cell } of named) if (own.has(cell)) readCell(definition!, theFile, cell);
  const cells = Object.fromEntries(
    named.map(({ cell }) => {
      const text = own.get(cell) ?? builtinCells.get(cell);
      if (text === undefined)
        throw new Problem(`There is no cell \`${cell}\`: name one of the \`.rnn\` file or a built-in one.`);
      return [cell, text];
    }),
  );
  if (train.seconds === null && train.epochs === null)
    throw new Problem('The training would never end: give it `train.seconds` or `train.epochs`.');
  return { model: { ...model, layers }, train, cells, task: file.task && taskWithDefaults(file.task) };
}

/** Returns the name of what is trained for: that of the request, else that of the `.rnn` file. */
export function taskNameOf(task: TaskChoice | undefined, definition: string | null): TaskName {
  if (task) return task.kind;
  const said = definition === null ? null : readCells(definition).task;
  return said ? taskWithDefaults(said).kind : 'language model';
}

function layersOf(file: Checked, layers: readonly LayerOptions[], cell: string | null) {
  const said = file.model.layers;
  const meant = cell ?? (said ? undefined : file.scopes.at(-1)?.section.name.text);
  if (meant === undefined || said?.some((layer) => layer.cell === meant)) return layers;
  const text = builtinCells.get(meant) ?? '';
  const found = file.cells.find(({ name }) => name === meant) ?? readFile(text, theFile).cells[0];
  // No layer can stand above a cell that gives a distribution, and none below one that reads the symbols.
  const single = found?.distribution || found?.readsSymbols;
  return (single ? layers.slice(-1) : layers).map((layer) => ({ ...layer, cell: meant }));
}

/**
 * The signature of a network: what it reads and how many tokens a step, how many outputs there are, how the last
 * layer's vectors become them, and what they say of a target.
 */
export type Signature = Pick<Architecture, 'input' | 'tokensPerStep' | 'outputs' | 'head' | 'likelihood'>;

/** The layers that read the source of an encoder-decoder. */
export interface SourceReader {
  /** The number of different tokens of a source, or of the numbers that it is. */
  readonly inputs: number;
  readonly input?: 'numbers';
  /** The layers; none where a source is one token, whose embedding is handed on, or one vector of numbers. */
  readonly layers: readonly LayerOptions[];
}

/** Returns the signature of a network that reads numbers and predicts those of the next step. */
export const signatureOfNumbers = (outputs: number): Signature => ({
  input: 'numbers',
  outputs,
  head: { kind: 'every step' },
  likelihood: 'gaussian',
});

/** Returns the signature of a network that reads tokens and gives one output a row. */
export function signatureOfRows(outputs: number, pool: Pool): Signature {
  // With `last`, only a row's last step has a target, so that its vector alone is read.
  return { outputs, head: pool === 'last' ? { kind: 'every step' } : { kind: 'pooled', pool } };
}

/** Returns the signature of a network that reads a sequence of tokens or of numbers, and predicts one number of it. */
export const signatureOfNumber = (kind: 'text' | 'numbers', pool: Pool): Signature => ({
  ...signatureOfRows(1, pool),
  input: kind === 'numbers' ? 'numbers' : 'tokens',
  likelihood: 'gaussian',
});

/** Returns the signature of a network that reads tokens and gives an output at each step. */
export const signatureOfSteps = (outputs: number, tokensPerStep: number): Signature => ({
  outputs,
  head: { kind: 'every step' },
  tokensPerStep,
});

/**
 * Builds the architecture of a network from its options.
 * @param vocabulary the number of tokens, or the width of the vectors of numbers
 * @param signature by default that of a language model: the next token, at every step
 * @param source what reads the source, where there is one
 * @throws Problem when the text of a cell is wrong, as in a damaged model, when the network is too large, or
 * when the output is tied to an embedding of another width
 */
export function architecture(
  vocabulary: number,
  { embedding, layers, tied }: Pick<ModelOptions, 'embedding' | 'layers' | 'tied'>,
  cells: Readonly<Record<string, string>>,
  signature: Signature = { outputs: vocabulary, head: { kind: 'every step' } },
  source: SourceReader | null = null,
): Architecture {
  const checked = new Map<string, CheckedCell>();
  for (const [name, text] of Object.entries(cells)) {
    checked.set(name, readCell(text, `The cell ${name}`, name));
  }
  const withCells = (of: readonly LayerOptions[]) =>
    of.map((layer) => {
      const cell = checked.get(layer.cell);
      if (!cell)
        throw new Problem(
          `A layer is of the cell \`${layer.cell}\`, whose equations are not there: train the model again.`,
        );
      return { ...layer, cell };
    });
  const built: Architecture = {
    inputs: vocabulary,
    ...signature,
    embedding,
    tied,
    layers: withCells(layers),
    ...(source && {
      encoder: {
        inputs: source.inputs,
        ...(source.input && { input: source.input }),
        embedding: source.input ? 0 : embedding,
        layers: withCells(source.layers),
      },
    }),
  };
  checkEncoder(built);
  checkDistributions(built);
  checkSize(built);
  return built;
}

/** @throws Problem when a cell that says itself what comes next, or reads the symbols, stands where it cannot */
function checkDistributions(built: Architecture): void {
  const { inputs, outputs, embedding, layers, tied, encoder } = built;
  for (const { cell } of encoder?.layers ?? [])
    if (cell.distribution || cell.readsSymbols)
      throw new Problem(
        `The cell ${cell.name} says how probable each symbol is, and an encoder writes none: name another one in \`model.encoder\`.`,
      );
  const hasNumbers = built.input === 'numbers' || built.likelihood === 'gaussian';
  for (const [index, { cell, bidirectional }] of layers.entries()) {
    if (hasNumbers && (cell.distribution || cell.readsSymbols))
      throw new Problem(
        `The cell ${cell.name} reads and predicts symbols, and the table has numbers: name another one in \`model.layers\`.`,
      );
    if (cell.readsSymbols && (index > 0 || embedding > 0 || inputs !== outputs))
      throw new Problem(
        `The cell ${cell.name} reads the symbols themselves (\`width x = y\`): it stands in the first layer, without an embedding, and what comes next is a symbol too.`,
      );
    if (!cell.distribution) continue;
    if (index < layers.length - 1)
      throw new Problem(
        `The cell ${cell.name} says itself how probable each symbol is (\`as distribution\`), so that no layer can stand above it: make it the last one.`,
      );
    if (bidirectional || tied)
      throw new Problem(
        `The cell ${cell.name} says itself how probable each symbol is (\`as distribution\`): it cannot be ${tied ? 'tied, because there is no output layer' : 'read both ways'}.`,
      );
  }
}

/**
 * Returns the equation of each vector of a network as its cell's file has it, without comments, by the vector's name
 * in the network, such as `layers.0.h`.
 */
export function equationsOf(
  { layers }: Pick<ModelOptions, 'layers'>,
  cells: Readonly<Record<string, string>>,
): Record<string, string> {
  const lines = (cell: string, prefix: string) =>
    parse(cells[cell]).sections.flatMap((section) =>
      section.kind === 'cell'
        ? section.statements.flatMap((statement) =>
            statement.kind === 'equation'
              ? [
                  [
                    prefix + statement.target.text,
                    cells[cell].slice(statement.range.from, statement.range.to),
                  ],
                ]
              : [],
          )
        : [],
    );
  return Object.fromEntries(
    layers.flatMap(({ cell, bidirectional }, index) =>
      (bidirectional ? ['forward.', 'backward.'] : ['']).flatMap((direction) =>
        lines(cell, `layers.${index}.${direction}`),
      ),
    ),
  );
}

/** Writes settings as sections of a file, so that both share the same names, values and messages. */
function settingsText(settings: Readonly<Record<string, unknown>>): string {
  const section = (name: 'model' | 'train') => {
    const lines = Object.entries(settings).flatMap(([key, value]) =>
      key.startsWith(`${name}.`) && value !== undefined
        ? [`  ${key.slice(name.length + 1)} = ${value ?? 'none'}`]
        : [],
    );
    return lines.length > 0 ? [name, ...lines].join('\n') : '';
  };
  return `${section('model')}\n${section('train')}\n`;
}
