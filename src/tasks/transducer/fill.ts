// Fills in the tags of a document's tokens.
import type { Engine } from '../../backend/engine.ts';
import type { Pause } from '../../completion/stateCache/documentStates.ts';
import type { TaggedToken } from '../../data/columns/taggedText.ts';
import type { FilledRow, FilledRows, RowsPassage } from '../../protocol/rows.ts';
import type { StoredTagging } from '../../protocol/task.ts';
import type { Classified } from '../classify.ts';
import { type Filler, isBegun, namedOf } from '../filler.ts';
import { openTransducer, type StoredTransducer } from './open.ts';
import { sentencesOf } from './passageSentences.ts';
import { tagsOf } from './tags.ts';

/** The number of sentences that are read before a cancellation is heard of. */
const block = 64;

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

  return {
    fill,
    tags: (passage) => tagsOf(transducer, tagging, passage),
    dispose: () => transducer.dispose(),
  };
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
