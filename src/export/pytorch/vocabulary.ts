// vocabulary.json of an exported folder: the tokens, and the classes of characters by which text is split.
import * as v from 'valibot';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { Problem } from '../../protocol/problem.ts';
import { tokenFields } from '../../store/manifest.ts';
import { readTokenizer } from '../../store/tokens.ts';

export const vocabularyName = 'vocabulary.json';

type Range = readonly [first: number, last: number];

/** The classes of the tokenizers' patterns. Python's own differ: it has other versions of Unicode, and other spaces. */
const classes: Readonly<Record<string, RegExp>> = {
  L: /[\p{L}\p{M}]/u,
  N: /\p{N}/u,
  S: /\s/u,
};

/** Lists the characters of a class as ranges of code points. */
function rangesOf(pattern: RegExp): Range[] {
  const ranges: [number, number][] = [];
  for (let point = 0; point <= 0x10ffff; point++) {
    if (!pattern.test(String.fromCodePoint(point))) continue;
    const last = ranges.at(-1);
    if (last && last[1] === point - 1) last[1] = point;
    else ranges.push([point, point]);
  }
  return ranges;
}

let known: Readonly<Record<string, readonly Range[]>> | null = null;

/** The ranges of all classes, which take a moment to find. */
function allRanges(): Readonly<Record<string, readonly Range[]>> {
  known ??= Object.fromEntries(Object.entries(classes).map(([name, pattern]) => [name, rangesOf(pattern)]));
  return known;
}

/** Describes a tokenizer for tokenizer.py. */
export function describeTokenizer({ kind, symbols, alphabet }: Tokenizer) {
  return {
    kind,
    alphabet: alphabet.size,
    rareKinds: alphabet.rareKinds,
    tokens: symbols,
    characterClasses: kind === 'characters' ? {} : allRanges(),
  };
}

const described = v.pipe(
  v.object({
    kind: tokenFields.tokens.entries.kind,
    alphabet: v.pipe(v.number(), v.safeInteger()),
    rareKinds: tokenFields.vocabulary.entries.rareKinds,
    tokens: v.array(v.string()),
  }),
  v.transform(({ kind, alphabet, rareKinds, tokens }) => ({
    vocabulary: { characters: tokens.slice(0, alphabet), rareKinds },
    tokens: { kind, longer: tokens.slice(alphabet) },
  })),
  v.object(tokenFields),
);

/** Parses vocabulary.json. @throws Problem when it is not that of a tokenizer */
export function parseTokenizer(text: string): Tokenizer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Problem(`${vocabularyName} is not valid JSON. Copy it from the export again.`);
  }
  const found = v.safeParse(described, json);
  if (!found.success)
    throw new Problem(
      `${vocabularyName} does not describe the tokens of a model. Copy it from the export again.`,
    );
  return readTokenizer(found.output);
}
