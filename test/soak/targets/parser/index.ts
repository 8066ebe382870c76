import * as fc from 'fast-check';
import { target } from '../../target.ts';
import { tryText } from './claims.ts';
import { repeated, tryTime } from './marks.ts';
import { type Place, tryTexts } from './texts.ts';

/** The input of the parser: `count` texts from a seed, one text, or a long text that repeats a short one. */
export type ParserInput =
  | { readonly seed: number; readonly count: number }
  | Place
  | { readonly head: string; readonly unit: string; readonly length: number };

/**
 * The number of texts of one input: few enough that a failure is soon found, and enough that fast-check costs
 * little.
 */
const textsAtOnce = 1000;

/** One input in this many is a long text. */
const longEvery = 12;

class ParserInputs extends fc.Arbitrary<ParserInput> {
  generate(random: fc.Random): fc.Value<ParserInput> {
    const seed = random.nextInt() | 0;
    const isLong = random.nextInt(0, longEvery - 1) === 0;
    return new fc.Value<ParserInput>(isLong ? repeated(seed) : { seed, count: textsAtOnce }, undefined);
  }

  canShrinkWithoutContext(value: unknown): value is ParserInput {
    return typeof value === 'object';
  }

  shrink(input: ParserInput): fc.Stream<fc.Value<ParserInput>> {
    return fc.stream(smaller(input)).map((each) => new fc.Value(each, undefined));
  }
}

/**
 * Yields smaller inputs: the first of many texts that fails; a text without a part of it; a shorter long
 * text.
 */
function* smaller(input: ParserInput): IterableIterator<ParserInput> {
  if ('seed' in input) {
    const failing = firstFailing(input);
    if (failing) yield failing;
  } else if ('unit' in input) {
    const { head, unit, length } = input;
    yield { head, unit, length: length >> 1 };
    for (const shorter of withoutParts(unit)) if (shorter !== '') yield { head, unit: shorter, length };
  } else {
    const { text, at } = input;
    for (const shorter of withoutParts(text)) {
      yield { text: shorter, at: Math.min(at, shorter.length) };
      const cut = text.length - shorter.length;
      if (at > cut) yield { text: shorter, at: at - cut };
    }
  }
}

function* withoutParts(text: string): Generator<string> {
  for (let size = Math.ceil(text.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < text.length; from += size) yield text.slice(0, from) + text.slice(from + size);
}

function firstFailing({ seed, count }: { seed: number; count: number }): Place | null {
  let failing: Place | null = null;
  try {
    tryTexts(seed, count, (place) => {
      failing = place;
      return tryText(place);
    });
  } catch {
    return failing;
  }
  return null;
}

export const parser = target<ParserInput>({
  name: 'parser',
  claim:
    'Any text is lexed, parsed, checked, formatted and asked about without an exception; formatting keeps the meaning and is idempotent; 64 KB take at most 200 ms, 1 MB at most 2 s.',
  weight: 2,
  inputs: new ParserInputs(),
  async open() {
    let texts = 0;
    let milliseconds = 0;
    let long = 0;
    const longest = { small: 0, large: 0 };
    return {
      check(input) {
        if ('unit' in input) {
          long++;
          const { length, time } = tryTime(input);
          const which = length <= 2 ** 16 ? 'small' : 'large';
          longest[which] = Math.max(longest[which], time);
        } else if ('seed' in input) {
          const began = process.threadCpuUsage();
          tryTexts(input.seed, input.count, (place) => {
            texts++;
            return tryText(place);
          });
          const { user, system } = process.threadCpuUsage(began);
          milliseconds += (user + system) / 1000;
        } else {
          texts++;
          tryText(input);
        }
      },
      figures: () => ({
        texts,
        'texts a second of processor time': Math.round((1000 * texts) / Math.max(1, milliseconds)),
        'long texts': long,
        'longest up to 64 KB, ms': longest.small,
        'longest up to 1 MB, ms': longest.large,
      }),
      async close() {},
    };
  },
});
