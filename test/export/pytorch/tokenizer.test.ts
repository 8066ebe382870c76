// tokenizer.py splits a text as the product does.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { normalise } from '../../../src/data/text/corpus.ts';
import type { TokenKind } from '../../../src/data/text/tokens/tokenization.ts';
import { Tokenizer } from '../../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { describeTokenizer, parseTokenizer } from '../../../src/export/pytorch/vocabulary.ts';
import { random } from '../../../src/tape/random.ts';

const python = spawnSync('python3', ['--version']).status === 0;

/** Texts that are hard to split: words, digits, runs, spaces that Python has others of, marks, new letters. */
const parts = [
  'the',
  ' the',
  'cell',
  'x',
  '7',
  '42',
  '  ',
  '\t',
  '\n',
  '\r\n',
  '\r',
  '==',
  '…',
  'é',
  'e\u0301',
  '🦋',
].concat([
  '_id',
  '\u2028',
  '\0',
  'ß',
  '\u001c',
  '\u0085',
  '\ufeff',
  '\u00a0',
  '\u3000',
  '², ',
  'Ⅷ',
  '\u{1e6c0}',
  '\u0e33',
  '\ufdfa',
]);

const script = `
import json, sys
sys.path.insert(0, sys.argv[1])
from tokenizer import Tokenizer, normalise
for line in sys.stdin:
    case = json.loads(line)
    tokenizer = Tokenizer(case["vocabulary"])
    texts = [normalise(text) for text in case["texts"]]
    tokens = [tokenizer.encode(text) for text in texts]
    decoded = [tokenizer.decode(each) for each in tokens]
    print(json.dumps({"texts": texts, "tokens": tokens, "decoded": decoded, "lengths": tokenizer.lengths()}))
`;

test.skipIf(!python).each<TokenKind>(['characters', 'words', 'pieces'])(
  '%s: a text is split in Python as here (skipped where there is no python3)',
  (kind) => {
    const next = random(7);
    const write = (length: number) =>
      Array.from({ length }, () => parts[Math.floor(next() * parts.length)]).join('');
    const cases = Array.from({ length: 12 }, (_, i) => {
      // Some parts are never seen, so that there are rare characters.
      const seen = normalise(write(8000).replaceAll(parts[i % parts.length], ''));
      const tokenizer = Tokenizer.learn(kind, Vocabulary.of(seen), seen);
      expect(tokenizer.longer.length > 0).toBe(kind !== 'characters');
      return { tokenizer, texts: Array.from({ length: 20 }, () => write(40)) };
    });
    const input = cases
      .map(({ tokenizer, texts }) => JSON.stringify({ vocabulary: describeTokenizer(tokenizer), texts }))
      .join('\n');
    const folder = fileURLToPath(new URL('../../../src/export/pytorch/python', import.meta.url));
    const answer = execFileSync('python3', ['-c', script, folder], {
      input,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    const answers = answer.trim().split('\n');
    expect(answers).toHaveLength(cases.length);
    for (const [index, { tokenizer, texts }] of cases.entries()) {
      const theirs = JSON.parse(answers[index]);
      const normal = texts.map(normalise);
      expect(theirs.texts).toEqual(normal);
      expect(theirs.tokens).toEqual(normal.map((text) => [...tokenizer.encode(text)]));
      expect(theirs.decoded).toEqual(normal.map((text) => tokenizer.decode(tokenizer.encode(text))));
      expect(theirs.lengths).toEqual([...tokenizer.lengths()]);
    }
  },
);

test.each<TokenKind>(['characters', 'words', 'pieces'])('%s: vocabulary.json is read back', (kind) => {
  const text = 'the cell is the text: it reads, and it writes. 12 times\n'.repeat(99);
  const tokenizer = Tokenizer.learn(kind, Vocabulary.of(text), text);
  const back = parseTokenizer(JSON.stringify(describeTokenizer(tokenizer)));
  expect(back.symbols).toEqual(tokenizer.symbols);
  expect(back.kind).toBe(kind);
  expect(back.alphabet.rareKinds).toBe(tokenizer.alphabet.rareKinds);
  expect([...back.encode(text)]).toEqual([...tokenizer.encode(text)]);
});
