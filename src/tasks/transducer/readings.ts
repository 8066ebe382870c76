// Understands a document as sentences whose tokens are tagged, and finds its wrong lines.
import { readTagged, taggedFormatOf } from '../../data/columns/readTagged.ts';
import { minimumSentences } from '../../data/columns/taggingDataset.ts';
import { Problem } from '../../protocol/problem.ts';
import type { ChosenColumns, DataReading, WrongRow } from '../../protocol/rows.ts';

/** The most lines that are reported. */
const most = 1000;

/** Returns how the document is understood, if its tokens have tags. */
export function transducerReadings(text: string): readonly DataReading[] {
  const format = taggedFormatOf(text);
  if (format === null) return [];
  const choice = { kind: 'transducer', reads: null, writes: null, heldOut: null } as const;
  const unchosen = { columns: [], reads: null, writes: null };
  try {
    const { sentences, misfits, skipped } = readTagged(text, format);
    const tokens = sentences.flat();
    const tags = new Set(tokens.flatMap(({ tag }) => tag ?? []));
    const tagged = sentences.filter((sentence) => sentence.some(({ tag }) => tag !== null)).length;
    const missing = tokens.filter(({ tag }) => tag === null).length;
    const sentence = [
      `Tag tokens: ${count(sentences.length, 'sentence', 'sentences')}`,
      count(tags.size, 'tag', 'tags'),
      `${count(missing, 'token', 'tokens')} without one`,
    ].join(', ');
    const obstacle =
      tagged < minimumSentences
        ? `${minimumSentences} sentences with tags are needed to learn from, and ${tagged} have some: tag more.`
        : tags.size < 2
          ? 'All tokens have the same tag: two different tags are needed.'
          : null;
    const left =
      misfits.length === 0
        ? null
        : `${count(skipped, 'sentence', 'sentences')} would be left out. Line ${misfits[0].line}: ${misfits[0].message}`;
    return [{ sentence, choice, ...unchosen, obstacle, misfits: left }];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [];
  }
}

/** @param text the text with line ends as \n */
export function wrongLinesOfTags(text: string, { reads, writes }: ChosenColumns): WrongRow[] {
  const format = taggedFormatOf(text);
  if (format === null) return [];
  const lines = text.split('\n');
  try {
    return readTagged(text, format, { reads, writes })
      .misfits.slice(0, most)
      .map(({ line, message }) => ({
        from: { line: line - 1, character: 0 },
        to: { line: line - 1, character: lines[line - 1].length },
        message,
        mend: null,
      }));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [];
  }
}

const count = (value: number, one: string, several: string): string =>
  `${value.toLocaleString('en')} ${value === 1 ? one : several}`;
