// Keeps what is known about the tokens of a document, by chunks: which chunks have to be read, which an edit
// invalidates, and what a request for one contains. Places are offsets in the document. The file does not
// import VS Code, so that it can be tested without it.
import type { Passage } from '../../../protocol/inspector.ts';
import { contextStart } from '../../../protocol/predictor.ts';

/**
 * The number of characters of a chunk, which is requested as a whole, together with the context before it.
 */
export const chunkSize = 2048;

/** The most chunks that are shown at once; a line may be longer than any screen. */
const mostShown = 16;

/** The most chunks that are kept. */
const mostKept = 64;

/** The number of characters by which a token may extend beyond the end of its chunk. */
const overhang = 64;

export interface Span<Value> {
  readonly from: number;
  readonly to: number;
  readonly value: Value;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export class Chunks<Value> {
  /** The spans, in the order of the text. */
  #spans: Span<Value>[] = [];
  /**
   * The chunks whose spans are valid. Outdated spans of other chunks are shown until those are read again.
   */
  readonly #fresh = new Set<number>();

  get spans(): readonly Span<Value>[] {
    return this.#spans;
  }

  /** Returns the visible chunks that are not valid. Drops all other chunks when too many are kept. */
  wanted(seen: readonly Stretch[]): number[] {
    const shown = new Set<number>();
    for (const { from, to } of seen)
      for (
        let chunk = Math.floor(from / chunkSize);
        chunk * chunkSize < to && shown.size < mostShown;
        chunk++
      )
        shown.add(chunk);
    if (this.#fresh.size > mostKept) {
      for (const chunk of this.#fresh) if (!shown.has(chunk)) this.#fresh.delete(chunk);
      this.#spans = this.#spans.filter(({ from }) => shown.has(Math.floor(from / chunkSize)));
    }
    return [...shown].filter((chunk) => !this.#fresh.has(chunk));
  }

  put(chunk: number, spans: readonly Span<Value>[]): void {
    const [from, to] = [chunk * chunkSize, (chunk + 1) * chunkSize];
    const before = this.#spans.filter((span) => span.from < from);
    const after = this.#spans.filter((span) => span.from >= to);
    this.#spans = [...before, ...spans, ...after];
    this.#fresh.add(chunk);
  }

  /** Applies an edit: `removed` characters at `at` became `inserted` ones. Spans before it stay valid. */
  edit(at: number, removed: number, inserted: number): void {
    const moved = inserted - removed;
    this.#spans = this.#spans.flatMap((span) => {
      if (span.to <= at) return [span];
      if (span.from < at + removed) return [];
      return [{ ...span, from: span.from + moved, to: span.to + moved }];
    });
    // A token that begins shortly before the edit may have changed, too.
    const first = Math.floor(Math.max(0, at - overhang) / chunkSize);
    for (const chunk of this.#fresh) if (chunk >= first) this.#fresh.delete(chunk);
  }

  /** Marks every chunk as outdated. */
  stale(): void {
    this.#fresh.clear();
  }

  at(place: number): Span<Value> | undefined {
    return this.#spans.find(({ from, to }) => from <= place && place < to);
  }
}

/** Returns the part of the document that is needed to read a chunk. */
export function neededFor(chunk: number): Stretch {
  return { from: contextStart(chunk * chunkSize), to: (chunk + 1) * chunkSize + overhang };
}

export interface Asked {
  readonly passage: Omit<Passage, 'key'>;
  /** Converts a place in the passage to an offset in the document. */
  offsetOf(place: number): number;
}

/** @param text the document's text from offset `start` on, unchanged; its line ends are converted to \n */
export function ask(chunk: number, text: string, start: number): Asked {
  const places: number[] = [];
  let normalised = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\r' && text[at + 1] === '\n') continue;
    places.push(start + at);
    normalised += text[at] === '\r' ? '\n' : text[at];
  }
  places.push(start + text.length);
  const find = (place: number) => {
    const index = places.findIndex((each) => each >= place);
    return index < 0 ? normalised.length : index;
  };
  const [from, to] = [find(chunk * chunkSize), find((chunk + 1) * chunkSize)];
  return { passage: { text: normalised.toWellFormed(), from, to }, offsetOf: (place) => places[place] };
}

/** Returns the spans of which some part is in one of the stretches, or within `margin` characters of it. */
export const within = <Value>(
  spans: readonly Span<Value>[],
  stretches: readonly Stretch[],
  margin = 0,
): Span<Value>[] =>
  spans.filter((span) =>
    stretches.some(({ from, to }) => span.from < to + margin && from - margin < span.to),
  );

/**
 * Returns the stretches of each level, [levels]. Adjacent spans of one level are merged; `levelOf` returns
 * null for a value that is not shown.
 */
export function byLevel<Value>(
  spans: readonly Span<Value>[],
  levels: number,
  levelOf: (value: Value) => number | null,
): Stretch[][] {
  const stretches: { from: number; to: number }[][] = Array.from({ length: levels }, () => []);
  for (const { from, to, value } of spans) {
    const level = levelOf(value);
    if (level === null) continue;
    const last = stretches[level].at(-1);
    if (last?.to === from) last.to = to;
    else stretches[level].push({ from, to });
  }
  return stretches;
}
