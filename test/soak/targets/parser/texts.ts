// Generates cheap random texts for the parser from a seed: signs, the language's own words, and changed
// files.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../../../../src/tape/random.ts';

const root = join(import.meta.dirname, '../../../..');

/** Every `.rnn` file of the project. */
export const files: readonly string[] = ['src/cells', 'test/cases'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.rnn'))
    .sort()
    .map((name) => readFileSync(join(root, folder, name), 'utf8')),
);

const lines = [...new Set(files.flatMap((text) => text.split('\n')))].filter(
  (line) => line.trim() !== '' && line.length < 60,
);

const tokens = [
  ...'cell model train init fixed output width first from learned radius identity sparse normal uniform'.split(
    ' ',
  ),
  ...'W U_f h x y b t c k [t] [t] [t-1] [0] [t+1] [ ] ( ) = = + - * / ^ , . 0 1 2.5 1e-8 1e999 .5 0x'.split(
    ' ',
  ),
  ...'⊙ ∘ − · × ÷ – @ ** σ tanh Tanh clip max softmax norm constructor __proto__ LSTM layers tokens k1'.split(
    ' ',
  ),
  ...'optimizer adam none true c̃ h′ U₁ 𝔘 # // , \n \n \n'.split(' '),
  ...[
    ' ',
    '\n',
    '\r\n',
    '\r',
    '\n  ',
    '\t',
    '\uFEFF',
    '\u2028',
    '\u00A0',
    '# a\n',
    ' # b\n',
    '\u0301',
    '\ud800',
  ],
];

const signs = [
  ...Array.from({ length: 127 }, (_, code) => String.fromCharCode(code + 1)),
  ...'éßıİſKΩ漢א🙂₀′…',
];

export type Next = () => number;

const pick = <T>(next: Next, from: readonly T[]): T => from[Math.floor(next() * from.length)];

function several(next: Next, from: readonly string[], most: number, between: string): string {
  let text = '';
  for (let left = 1 + Math.floor(next() * most); left > 0; left--) text += pick(next, from) + between;
  return text;
}

/** Changes a text: a part is removed, repeated, taken from another text, moved, or replaced by a token. */
function change(next: Next, text: string, other: string): string {
  const at = Math.floor(next() * (text.length + 1));
  const to = Math.min(text.length, at + Math.floor(next() * 8));
  const part = text.slice(at, to);
  switch (Math.floor(next() * 5)) {
    case 0:
      return text.slice(0, at) + text.slice(to);
    case 1:
      return text.slice(0, to) + part + text.slice(to);
    case 2: {
      const from = Math.floor(next() * other.length);
      return text.slice(0, at) + other.slice(from, from + Math.floor(next() * 20)) + text.slice(to);
    }
    case 3: {
      const rest = text.slice(0, at) + text.slice(to);
      const place = Math.floor(next() * (rest.length + 1));
      return rest.slice(0, place) + part + rest.slice(place);
    }
    default:
      return text.slice(0, at) + pick(next, tokens) + text.slice(to);
  }
}

const heads = ['', 'cell A\n', 'cell A\n  h[t] = W x[t]\n', 'model\n', 'train\n', 'cell A # a\n'];

/**
 * Writes a random text.
 * @param pool texts that are worth changing further
 */
function write(next: Next, pool: readonly string[]): string {
  const kind = next();
  if (kind < 0.1) return pick(next, heads) + several(next, signs, 30, '');
  if (kind < 0.3) return pick(next, heads) + several(next, tokens, 14, ' ');
  if (kind < 0.4) return pick(next, heads) + several(next, tokens, 14, '');
  let text =
    kind < 0.7 && pool.length > 0
      ? pick(next, pool)
      : kind < 0.995
        ? pick(next, heads) + several(next, lines, 2, '\n')
        : pick(next, files);
  for (let changes = Math.floor(next() * 4); changes > 0; changes--)
    text = change(next, text, pick(next, lines));
  return text;
}

/**
 * The greatest length of a text in the pool: longer ones cost more time than the mistakes they find are
 * worth.
 */
const longestPooled = 120;

export interface Place {
  readonly text: string;
  /** The place of the cursor. */
  readonly at: number;
}

/**
 * Tries texts from a seed, the same each time.
 * @param attempt returns what the text reaches in the parser, as one string: a text that reaches something
 * new is changed further
 */
export function tryTexts(seed: number, count: number, attempt: (place: Place) => string): void {
  const next = random(seed);
  const pool: string[] = [];
  const reached = new Set<string>();
  for (let i = 0; i < count; i++) {
    const text = write(next, pool);
    const what = attempt({ text, at: Math.floor(next() * (text.length + 1)) });
    if (reached.has(what)) continue;
    reached.add(what);
    if (text.length <= longestPooled) pool.push(text);
  }
}
