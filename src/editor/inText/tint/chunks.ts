// What is known of a text, token by token and by chunks: which chunks are wanted, what an edit leaves of them, and how
// a chunk is asked for. Places are offsets in the document. Knows nothing of VS Code, so that it is tested without it.
import type { Passage } from '../../../protocol/inspector.ts';
import { contextStart } from '../../../protocol/predictor.ts';

/** Characters of a chunk: what is asked for at once, after what is read before it. */
export const chunkSize = 2048;

/** Chunks that are shown at most: a line may be longer than any screen. */
const mostShown = 16;

/** Chunks that are remembered at most. */
const mostKept = 64;

/** A token may reach so far over the end of its chunk. */
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
  /** In order. */
  #spans: Span<Value>[] = [];
  /** Chunks whose spans are true. Others may have some that were true once: better than none until they are read. */
  readonly #fresh = new Set<number>();

  get spans(): readonly Span<Value>[] {
    return this.#spans;
  }

  /** Those that are seen and not known. Forgets what is far from them, when there is too much of it. */
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

  /** `removed` characters at `at` have become `inserted` ones: what stands before is as true as it was. */
  edit(at: number, removed: number, inserted: number): void {
    const moved = inserted - removed;
    this.#spans = this.#spans.flatMap((span) => {
      if (span.to <= at) return [span];
      if (span.from < at + removed) return [];
      return [{ ...span, from: span.from + moved, to: span.to + moved }];
    });
    // A token that begins before may be another one now.
    const first = Math.floor(Math.max(0, at - overhang) / chunkSize);
    for (const chunk of this.#fresh) if (chunk >= first) this.#fresh.delete(chunk);
  }

  /** Nothing is true any more. */
  stale(): void {
    this.#fresh.clear();
  }

  at(place: number): Span<Value> | undefined {
    return this.#spans.find(({ from, to }) => from <= place && place < to);
  }
}

/** What of a document a chunk needs. */
export function neededFor(chunk: number): Stretch {
  return { from: contextStart(chunk * chunkSize), to: (chunk + 1) * chunkSize + overhang };
}

export interface Asked {
  readonly passage: Omit<Passage, 'place'>;
  /** Where in the document a place of the passage is. */
  placeOf(place: number): number;
}

/** @param text of the document from `start` on, as it stands there; line ends become \n */
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
  return { passage: { text: normalised.toWellFormed(), from, to }, placeOf: (place) => places[place] };
}

/** Neighbours of one level are one stretch: by level, [levels]. `levelOf` gives null for what is not shown. */
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
