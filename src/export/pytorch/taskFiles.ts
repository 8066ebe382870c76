// Writes what a folder for PyTorch holds of a task: its data as rows of JSON, its vocabulary, and the scripts.
import { readTagged } from '../../data/columns/readTagged.ts';
import { isSentenceHeldOut, piecesOf } from '../../data/columns/taggingDataset.ts';
import { numbersOf } from '../../data/pairs/numbers.ts';
import { isPairHeldOutBy, mostWritten, pairsOf } from '../../data/pairs/pairDataset.ts';
import { isOneToMany } from '../../data/pairs/pairs.ts';
import { SeriesDataset } from '../../data/series/seriesDataset.ts';
import { labelledRows } from '../../data/table/labelledRows.ts';
import { numberedRows, numbersIn } from '../../data/table/numberedRows.ts';
import { readTable } from '../../data/table/readTable.ts';
import { isRowHeldOut } from '../../data/table/tableDataset.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import type {
  StoredPairs,
  StoredRegression,
  StoredSeries,
  StoredTable,
  StoredTagging,
} from '../../protocol/task.ts';
import type { Manifest } from '../../store/manifest.ts';
import features from './python/features.py';
import pairModule from './python/pairs.py';
import rewrite from './python/rewrite.py';
import rows from './python/rows.py';
import series from './python/series.py';
import streams from './python/streams.py';
import text from './python/text.py';
import tokenizerModule from './python/tokenizer.py';
import train from './python/train.py';
import trainAcceptor from './python/trainAcceptor.py';
import trainPairs from './python/trainPairs.py';
import trainRegressor from './python/trainRegressor.py';
import trainSeries from './python/trainSeries.py';
import trainTransducer from './python/trainTransducer.py';
import { describeTokenizer, vocabularyName } from './vocabulary.ts';

export const rowsName = 'rows.jsonl';
export const numbersName = 'numbers.jsonl';

/**
 * Makes the files that depend on the task, by name.
 * @param source the text, table or tagged text that the model was trained on
 * @param tokenizer null where numbers are read
 */
export function taskFiles(
  {
    table,
    regression,
    tagging,
    pairs,
    series: numbers,
  }: Pick<Manifest, 'table' | 'regression' | 'tagging' | 'pairs' | 'series'>,
  source: string,
  tokenizer: Tokenizer | null,
): Map<string, string> {
  if (tagging)
    return new Map([
      ['train.py', trainTransducer],
      ['rows.py', rows],
      ['features.py', features],
      [rowsName, lines(sentencesOf(source, tagging))],
      [vocabularyName, json({ features: tagging.features, classes: tagging.classes })],
    ]);
  if (numbers) {
    const { reads, writes, standardisation } = numbers;
    return new Map([
      ['train.py', trainSeries],
      ['streams.py', streams],
      ['series.py', series],
      [numbersName, lines(stepsOf(source, numbers))],
      [vocabularyName, json({ reads, writes, standardisation })],
    ]);
  }
  if (pairs)
    return new Map([
      ['train.py', trainPairs],
      ['rows.py', rows],
      ['pairs.py', pairModule],
      ['rewrite.py', rewrite],
      [rowsName, lines(pairRows(source, pairs))],
      [
        vocabularyName,
        json({ sources: pairs.source, targets: pairs.target, longest: mostWritten(pairs.longest) }),
      ],
    ]);
  if (regression) {
    const { reads, writes, standardisation } = regression;
    return new Map([
      ['train.py', trainRegressor],
      ['rows.py', rows],
      ...(tokenizer ? [['tokenizer.py', tokenizerModule] as const] : []),
      [rowsName, lines(numberedOf(source, regression))],
      [
        vocabularyName,
        json({ ...(tokenizer && describeTokenizer(tokenizer)), reads, writes, standardisation }),
      ],
    ]);
  }
  if (table)
    return new Map([
      ['train.py', trainAcceptor],
      ['rows.py', rows],
      ['tokenizer.py', tokenizerModule],
      [rowsName, lines(labelledOf(source, table))],
      [vocabularyName, json({ ...describeTokenizer(tokenizer!), classes: table.classes })],
    ]);
  return new Map([
    ['train.py', train],
    ['streams.py', streams],
    ['text.py', text],
    ['tokenizer.py', tokenizerModule],
    [vocabularyName, json(describeTokenizer(tokenizer!))],
  ]);
}

const json = (value: object): string => `${JSON.stringify(value)}\n`;

const lines = (values: readonly object[]): string => values.map(json).join('');

/** The rows of a table that have a label. */
const labelledOf = (source: string, { format, reads, writes }: StoredTable): object[] =>
  labelledRows(readTable(source, format), { reads, writes }).rows.map((row) => ({
    text: row.text,
    label: row.label,
    heldOut: isRowHeldOut(row),
  }));

/** The rows of a table that have a number. */
const numberedOf = (source: string, { format, reads, writes, kind }: StoredRegression): object[] =>
  numberedRows(readTable(source, format), { reads, writes }, kind).rows.map((row) => ({
    sequence: kind === 'numbers' ? numbersIn(row.text) : row.text,
    number: row.value,
    heldOut: isRowHeldOut(row),
  }));

/** The rows of a table that have a target. */
function pairRows(source: string, { format, reads, writes, source: { kind } }: StoredPairs): object[] {
  const isHeldOut = isPairHeldOutBy(isOneToMany({ kind }));
  const columns = { reads, writes };
  const labelled = labelledRows(readTable(source, format), columns);
  return pairsOf(labelled, columns, kind === 'numbers').rows.map((row) => ({
    source: kind === 'numbers' ? numbersOf(row.text) : kind === 'category' ? row.text.trim() : row.text,
    target: row.label,
    heldOut: isHeldOut(row),
  }));
}

/** The sentences of a tagged text that have tags, in the pieces that are read. */
const sentencesOf = (source: string, { format, reads, writes, width }: StoredTagging): object[] =>
  readTagged(source, format, { reads, writes, width })
    .sentences.filter((sentence) => sentence.some(({ tag }) => tag !== null))
    .flatMap((sentence) => {
      const heldOut = isSentenceHeldOut(sentence);
      return piecesOf(sentence).map((piece) => ({
        words: piece.map(({ form }) => form),
        tags: piece.map(({ tag }) => tag),
        heldOut,
      }));
    });

/** The rows of a table of numbers, in their own units. */
function stepsOf(source: string, { format, reads, writes, standardisation }: StoredSeries): object[] {
  if (format === 'fastText') throw new Error('A table of numbers is not of fastText.');
  const { series: standardised, counts } = new SeriesDataset({ source, format, columns: { reads, writes } });
  const row = (values: Float32Array, by: StoredSeries['standardisation']['reads'], at: number) =>
    by.map(({ mean, deviation }, column) => mean + deviation * values[at * by.length + column]);
  return Array.from({ length: counts.train + counts.heldOut }, (_, at) => ({
    reads: row(standardised.inputs, standardisation.reads, at),
    writes: row(standardised.targets, standardisation.writes, at),
    heldOut: at >= counts.train,
  }));
}
