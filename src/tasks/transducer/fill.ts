// Fills in the tags of a document's tokens.
import type { Engine } from '../../backend/engine.ts';
import type { Pause } from '../../completion/stateCache/documentStates.ts';
import { readTagged, widthOf } from '../../data/columns/readTagged.ts';
import type { Sentence, TaggedToken } from '../../data/columns/taggedText.ts';
import { Problem } from '../../protocol/problem.ts';
import type { FilledRow, FilledRows, RowsPassage } from '../../protocol/rows.ts';
import type { StoredTagging } from '../../protocol/task.ts';
import { type Filler, isBegun, namedOf } from '../filler.ts';
import type { Classified } from '../likeliest.ts';
import { openTransducer, type StoredTransducer } from './open.ts';

/** The number of sentences that are read before a cancellation is heard of. */
const block = 64;

/** The share of the lines of a passage that must fit, for it to be taken for a tagged text. */
const fittingShare = 0.75;

export function openTransducerFiller(
  engine: Engine,
  {
    tagging,
    ...stored
  }: Omit<StoredTransducer, 'classes' | 'features'> & { readonly tagging: StoredTagging },
): Filler {
  const { features, classes } = tagging;
  const transducer = openTransducer(engine, { ...stored, features, classes });

  async function fill(
    { text, from, to }: RowsPassage,
    of: 'missing' | 'all',
    pause: Pause,
  ): Promise<FilledRows> {
    const { sentences, problem } = sentencesOf(text, tagging);
    const isWanted = ({ tag, span }: TaggedToken) =>
      span.line > from && span.line <= to && (of === 'all' || tag === null || isBegun(tag, tagging.classes));
    const wanted = sentences.filter((sentence) => sentence.some(isWanted));
    const rows: FilledRow[] = [];
    for (let at = 0; at < wanted.length; at += block) {
      await pause();
      const some = wanted.slice(at, at + block);
      const ranked = transducer.rank(some);
      rows.push(
        ...some.flatMap((sentence, index) =>
          sentence.flatMap((token, number) =>
            isWanted(token) ? [filledRow(token, ranked[index][number])] : [],
          ),
        ),
      );
    }
    return { rows, column: tagging.writes ?? 'tag', problem };
  }

  return { fill, dispose: () => transducer.dispose() };
}

function filledRow({ tag, span }: TaggedToken, ranked: readonly Classified[]): FilledRow {
  const line = span.line - 1;
  return {
    line,
    last: line,
    given: tag ?? '',
    candidates: namedOf(ranked, tag ?? '').map(({ label, probability }) => ({
      value: label,
      probability,
      text: span.before + label,
    })),
    cell: { from: { line, character: span.from }, to: { line, character: span.to } },
  };
}

/** Returns the sentences of a passage; of a text that has none, why nothing can be written there. */
function sentencesOf(
  text: string,
  { format, reads, writes, width }: StoredTagging,
): { readonly sentences: readonly Sentence[]; readonly problem: string | null } {
  try {
    const { sentences, misfits } = readTagged(text, format, { reads, writes, width });
    const tokens = sentences.flat();
    // Prose has more columns than a column file, and no tag behind a slash.
    const isAlike = width === null ? tokens.some(({ tag }) => tag !== null) : widthOf(text) <= width;
    const fits = tokens.length >= fittingShare * (tokens.length + misfits.length);
    if (isAlike && fits && tokens.length > 0) return { sentences, problem: null };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { sentences: [], problem: error.message };
  }
  return {
    sentences: [],
    problem:
      'This has not the tokens and tags that the model was trained on: open a file of the same columns.',
  };
}
