// Measures how much of a generated text occurs verbatim in another: a suffix automaton (Blumer et al. 1985)
// of the generated text reads the other once, so that time and memory are linear in their lengths.

interface State {
  /** The length of the longest string that ends in this state. */
  readonly length: number;
  link: State | null;
  readonly next: Map<number, State>;
  /** The length of the longest string of this state that occurs in the text. */
  found: number;
}

export interface Verbatim {
  /** The length of the longest verbatim run, in UTF-16 units. */
  readonly longest: number;
  /** The share of the generated text in verbatim runs of at least each length in `runs`. */
  readonly shares: readonly number[];
}

/** Compares a generated text with another. @param runs the least lengths of the runs that count */
export function verbatim(written: string, text: string, runs: readonly number[]): Verbatim {
  const lengths = agreements(written, text);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const shares = runs.map((run) => {
    let covered = 0;
    let from = written.length;
    for (let end = written.length; end > 0; end--) {
      const length = lengths[end - 1];
      if (length < run || end - length >= from) continue;
      covered += Math.min(end, from) - (end - length);
      from = end - length;
    }
    return written.length > 0 ? covered / written.length : 0;
  });
  return { longest, shares };
}

/**
 * Returns, for each character of `written`, the length of the longest string that ends with it and occurs in
 * `text`.
 */
export function agreements(written: string, text: string): Int32Array {
  const { root, ends, states } = automaton(written);
  let state = root;
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (state !== root && !state.next.has(code)) {
      state = state.link!;
      length = state.length;
    }
    const next = state.next.get(code);
    if (next) {
      state = next;
      length++;
    }
    if (length > state.found) state.found = length;
  }
  // If a string occurs in the text, so do all its suffixes.
  for (const each of states.toSorted((a, b) => b.length - a.length))
    if (each.found > 0 && each.link) each.link.found = each.link.length;
  return Int32Array.from(ends, (end) => {
    let at: State = end;
    while (at.found === 0 && at.link) at = at.link;
    return at.found;
  });
}

/** Builds the suffix automaton of a text. @returns `ends`: the states of its prefixes, by length - 1 */
function automaton(text: string): { root: State; ends: State[]; states: State[] } {
  const root: State = { length: 0, link: null, next: new Map(), found: 0 };
  const states = [root];
  const ends: State[] = [];
  const add = (state: State) => {
    states.push(state);
    return state;
  };
  let last = root;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const state = add({ length: last.length + 1, link: root, next: new Map(), found: 0 });
    let before: State | null = last;
    for (; before && !before.next.has(code); before = before.link) before.next.set(code, state);
    if (before) {
      const next = before.next.get(code)!;
      if (next.length === before.length + 1) state.link = next;
      else {
        const clone = add({ length: before.length + 1, link: next.link, next: new Map(next.next), found: 0 });
        for (; before && before.next.get(code) === next; before = before.link) before.next.set(code, clone);
        next.link = state.link = clone;
      }
    }
    ends.push(state);
    last = state;
  }
  return { root, ends, states };
}
