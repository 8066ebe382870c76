// Joins and normalises documents that come in blocks, as `joinDocuments` and `normalise` do with whole ones.

import { byteOrderMarks, normaliseWithin } from '../corpus.ts';
import { isHighSurrogate } from '../surrogates.ts';

/** A document that is read in blocks, as often as is asked for. */
export interface BlockedDocument {
  /** Yields the document in blocks of any lengths, which may end in the middle of a character. */
  read(): Iterable<string>;
  /** The document, if it is in memory anyway. */
  readonly text?: string;
}

/**
 * Yields a text of documents in blocks of one length, except for the last. The text is normalised and a block ends with a
 * whole character, for which it may be longer by one unit. Where the blocks end depends on the text alone.
 */
export function* normalisedBlocks(documents: readonly BlockedDocument[], length: number): Generator<string> {
  let held = '';
  for (const block of joined(documents)) {
    held += block;
    let from = 0;
    while (held.length - from > length) {
      const end = from + length + (isHighSurrogate(held.charCodeAt(from + length - 1)) ? 1 : 0);
      yield held.slice(from, end);
      from = end;
    }
    held = held.slice(from);
  }
  if (held !== '') yield held;
}

/** Yields the documents, separated by blank lines where there are several. */
function* joined(documents: readonly BlockedDocument[]): Generator<string> {
  if (documents.length === 1) return yield* normalised(documents[0].read());
  for (const [index, document] of documents.entries()) {
    if (index > 0) yield '\n';
    yield* withoutLastLineEnds(normalised(document.read()));
    yield '\n';
  }
}

function* normalised(blocks: Iterable<string>): Generator<string> {
  let isBeginning = true;
  /** The end of a block that may belong to the next one: the first half of a surrogate pair, or of a line end. */
  let held = '';
  for (const block of blocks) {
    let text = held + block;
    if (isBeginning) text = text.replace(byteOrderMarks, '');
    if (text === '') continue;
    isBeginning = false;
    const last = text.charCodeAt(text.length - 1);
    held = isHighSurrogate(last) || last === carriageReturn ? text.slice(-1) : '';
    yield normaliseWithin(text.slice(0, text.length - held.length));
  }
  yield normaliseWithin(held);
}

const carriageReturn = 0x0d;
const lineFeed = 0x0a;

function* withoutLastLineEnds(blocks: Iterable<string>): Generator<string> {
  let lineEnds = 0;
  for (const block of blocks) {
    let end = block.length;
    while (end > 0 && block.charCodeAt(end - 1) === lineFeed) end--;
    if (end > 0) {
      yield* repeatedLineEnds(lineEnds);
      lineEnds = 0;
      yield block.slice(0, end);
    }
    lineEnds += block.length - end;
  }
}

function* repeatedLineEnds(count: number): Generator<string> {
  const most = 2 ** 16;
  for (let left = count; left > 0; left -= most) yield '\n'.repeat(Math.min(left, most));
}
