// Simulates the filling of gaps: how many keys suggestions save where text follows the cursor on its line.
import { setImmediate } from 'node:timers/promises';
import { random } from '../../tape/random.ts';
import { goesOn, shortest } from './typing.ts';

/** The lengths of gaps, and the least number of characters that are left behind one on its line. */
const leastGap = 4;
const mostGap = 30;
const leastAfter = 3;

/** The number of places that are drawn for each gap that is wanted, before it is given up. */
const tries = 100;

/** A gap, in characters from the beginning of the text. */
export interface Gap {
  readonly at: number;
  readonly length: number;
}

export interface Filled {
  /** The share of keys saved, and that of the suggestions shown that was accepted, as in `TypingResult`. */
  readonly saved: number;
  readonly precision: number;
  /** The share of the gaps that a single suggestion filled before the first key. */
  readonly whole: number;
}

/** Draws gaps inside lines that begin with a word or a sign and end where one ends. */
export function drawGaps(held: string, count: number, seed = 1): Gap[] {
  const next = random(seed);
  const characters = [...held];
  const gaps: Gap[] = [];
  for (let left = tries * count; left > 0 && gaps.length < count; left--) {
    const at = Math.floor(next() * characters.length);
    const length = leastGap + Math.floor(next() * (mostGap - leastGap + 1));
    const end = at + length;
    const gap = characters.slice(at, end);
    const lineEnd = characters.indexOf('\n', end);
    const after = characters.slice(end, lineEnd < 0 ? undefined : lineEnd);
    if (gap.includes('\n') || trimmedLength(gap) < leastGap || trimmedLength(after) < leastAfter) continue;
    if (isSpace(characters[at]) || !isBoundary(characters, at) || !isBoundary(characters, end)) continue;
    gaps.push({ at, length });
  }
  return gaps;
}

/** A source of suggestions in gaps. */
export interface GapFiller {
  /** Returns what is shown between two texts, or ''. */
  suggest(before: string, after: string): Promise<string>;
  /** Reads other lines of the document, as a model does in an editor. */
  read(lines: string): void;
}

/** The figures of gaps that are filled. */
interface Tally {
  readonly characters: number;
  readonly keys: number;
  readonly shown: number;
  readonly accepted: number;
  readonly whole: number;
}

/**
 * Types each gap of the text again, while all that stands before and after it is there. Nothing is learned in
 * between, so that the gaps are independent.
 */
async function fill(
  suggest: GapFiller['suggest'],
  before: string,
  held: string,
  gaps: readonly Gap[],
): Promise<Tally> {
  let [characters, keys, shown, accepted, whole] = [0, 0, 0, 0, 0];
  const all = [...held];
  const textOf = (from: number, to?: number) => all.slice(from, to).join('');
  for (const { at, length } of gaps) {
    const gap = all.slice(at, at + length);
    for (let typed = 0; typed < length; keys++) {
      const suggestion = [...(await suggest(before + textOf(0, at + typed), textOf(at + length)))];
      const isShown = suggestion.length >= shortest;
      const isRight = isShown && goesOn(gap, typed, suggestion);
      if (isShown) shown++;
      if (isRight) accepted++;
      if (isRight && suggestion.length === length) whole++;
      typed += isRight ? suggestion.length : 1;
      // A signal that came meanwhile is heard.
      await setImmediate();
    }
    characters += length;
  }
  return { characters, keys, shown, accepted, whole };
}

/** The figures of a model that is told what follows a gap, beside those of the same model that is not. */
export interface Compared extends Filled {
  readonly notTold: Filled;
  /** The share of keys saved over that when not told; null where nothing is saved then. */
  readonly overNotTold: number | null;
}

export interface Infill extends Compared {
  readonly gaps: number;
  readonly characters: number;
  /** The same by a model that has read the document’s other lines, above and below. */
  readonly inDocument: Compared;
}

/** The number of groups of gaps, each of which is filled by a model that has not read the lines of the group. */
const groups = 5;

/**
 * Types gaps again, told what follows them and not told, by a model that has read nothing of the text and by models that
 * have read all of it but the lines that are typed.
 * @param open returns what suggests and has read nothing of `held`
 */
export async function measureInfill(
  open: () => Promise<GapFiller>,
  before: string,
  held: string,
  gaps: readonly Gap[],
): Promise<Infill> {
  const compare = async (filler: GapFiller, some: readonly Gap[]): Promise<[told: Tally, notTold: Tally]> => [
    await fill((text, after) => filler.suggest(text, after), before, held, some),
    await fill((text) => filler.suggest(text, ''), before, held, some),
  ];
  const alone = await compare(await open(), gaps);
  const readers: Awaited<ReturnType<typeof compare>>[] = [];
  for (let group = 0; group < groups; group++) {
    const some = gaps.filter((_, index) => index % groups === group);
    if (some.length === 0) continue;
    const filler = await open();
    filler.read(withoutLines(held, some));
    readers.push(await compare(filler, some));
  }
  return {
    gaps: gaps.length,
    characters: alone[0].characters,
    ...comparedOf(alone, gaps.length),
    inDocument: comparedOf(
      [sum(readers.map(([told]) => told)), sum(readers.map(([, notTold]) => notTold))],
      gaps.length,
    ),
  };
}

/** Returns the lines of a text in which no gap is. */
function withoutLines(text: string, gaps: readonly Gap[]): string {
  let start = 0;
  return text
    .split('\n')
    .filter((line) => {
      const [from, to] = [start, start + [...line].length];
      start = to + 1;
      return !gaps.some(({ at }) => from <= at && at <= to);
    })
    .join('\n');
}

function comparedOf([told, notTold]: readonly [Tally, Tally], gaps: number): Compared {
  const [one, other] = [filledOf(told, gaps), filledOf(notTold, gaps)];
  return { ...one, notTold: other, overNotTold: other.saved > 0 ? one.saved / other.saved : null };
}

const filledOf = ({ characters, keys, shown, accepted, whole }: Tally, gaps: number): Filled => ({
  saved: characters > 0 ? 1 - keys / characters : 0,
  precision: shown > 0 ? accepted / shown : 0,
  whole: gaps > 0 ? whole / gaps : 0,
});

const sum = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (a, b) => ({
      characters: a.characters + b.characters,
      keys: a.keys + b.keys,
      shown: a.shown + b.shown,
      accepted: a.accepted + b.accepted,
      whole: a.whole + b.whole,
    }),
    { characters: 0, keys: 0, shown: 0, accepted: 0, whole: 0 },
  );

const trimmedLength = (characters: readonly string[]) => [...characters.join('').trim()].length;
const isSpace = (character = '\n') => /\s/.test(character);
const isWord = (character = '') => /\w/.test(character);

/** Whether a word, a sign or space ends before the place. */
const isBoundary = (text: readonly string[], at: number) =>
  isSpace(text[at - 1]) !== isSpace(text[at]) || isWord(text[at - 1]) !== isWord(text[at]);
