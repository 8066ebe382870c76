// Checks that the contexts of the n-gram model, and what is learned of them, predict texts of known entropy.
import { describe, expect, test } from 'vitest';
import { Ensemble } from '../../../src/completion/ensemble/ensemble.ts';
import { sigmoid } from '../../../src/completion/ensemble/logisticMixer.ts';
import { NgramModel, type Reading } from '../../../src/completion/ensemble/ngramModel.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { random } from '../../../src/tape/random.ts';

/** Returns the mean of -log2 p over the end of a text, counted or typed before. @param reading as `read` has it */
function bits(text: string, { end, reading }: { end: number; reading: Reading }): number {
  const vocabulary = Vocabulary.of(text);
  const tokens = vocabulary.encode(text);
  const before = tokens.subarray(0, -end);
  const ngrams = new NgramModel(vocabulary, before);
  const ensemble = new Ensemble(null, vocabulary, ngrams, null);
  let position = { ...ngrams.read(before, ngrams.begin(), reading), reading: null };
  let sum = 0;
  for (const token of tokens.subarray(-end)) {
    const after = ensemble.read(position, token);
    sum -= Math.log2(ensemble.learn(position, after));
    position = after as typeof position;
  }
  return sum / end;
}

const next = random(4);
const number = (most: number) => Math.floor(next() * most);
const names = ['anna', 'bert', 'carl', 'dora', 'emil', 'frida'];

test('what was learned of the contexts while the text was read helps at its end', () => {
  const text = Array.from({ length: 500 }, () => `say ${names[number(6)]}, ${number(100)}.\n`).join('');
  expect(bits(text, { end: 100, reading: 'mixed' })).toBeLessThan(
    0.95 * bits(text, { end: 100, reading: 'counted' }),
  );
});

test('of a text in which only matches are found, repetitions are known', () => {
  const line = () => Array.from({ length: 60 }, () => String.fromCharCode(97 + number(26))).join('');
  const lines = Array.from({ length: 40 }, line);
  const again = `${lines.join('\n')}\n${lines.slice(10, 14).join('\n')}`;
  expect(bits(again, { end: 240, reading: 'matched' })).toBeLessThan(1.5);
});

describe('contexts find what a text is made of', () => {
  test('a table whose fields are those of the line above', () => {
    let row = ['', '', ''];
    const rows = Array.from({ length: 400 }, (_, line) => {
      const anew = () => `${names[number(6)]}${number(1000)}`;
      row = row.map((field) => (line === 0 || next() < 0.1 ? anew() : field));
      return `${line}, ${row.join(', ')}\n`;
    });
    // A new field in ten has some 14 bits, of some 9 characters.
    expect(bits(rows.join(''), { end: 1000, reading: 'mixed' })).toBeLessThan(0.8);
  });

  test('a table whose rows are numbered', () => {
    const rows = Array.from({ length: 100 }, (_, row) => `(${row + 2781}, ${names[number(6)]}),\n`);
    // A name has 2.6 bits, of some 14 characters; each number has 3.6 more where it is not known.
    expect(bits(rows.join(''), { end: 500, reading: 'mixed' })).toBeLessThan(0.3);
  });

  test('a log whose lines differ in a number', () => {
    const lines = Array.from(
      { length: 300 },
      () => `Failed password for root from port ${10_000 + number(90_000)} ssh2\n`,
    );
    const perLine = Math.log2(90_000);
    expect(bits(lines.join(''), { end: 1000, reading: 'mixed' })).toBeLessThan(
      1.6 * (perLine / lines[0].length),
    );
  });

  test('words that follow a word, whatever stands between', () => {
    const pairs = names.map((name, at) => [name, names[(at + 1) % names.length]]);
    const signs = [' - ', ' + ', ' / ', ' = '];
    const text = Array.from({ length: 600 }, () => {
      const [a, b] = pairs[number(6)];
      return `${a}${signs[number(4)]}${b}\n`;
    }).join('');
    // log2 6 for a name and 2 bits for a sign.
    expect((bits(text, { end: 1000, reading: 'mixed' }) * text.length) / 600).toBeLessThan(
      1.4 * (Math.log2(6) + 2),
    );
  });
});

test('an estimate of a decision is a probability, at every node and wherever it stands', () => {
  const text = 'red green blue\n'.repeat(50);
  const vocabulary = Vocabulary.of(text);
  const ngrams = new NgramModel(vocabulary, vocabulary.encode(text));
  let position = ngrams.begin();
  for (const token of vocabulary.encode(text)) {
    ngrams.look(position);
    for (let node = 0; node < ngrams.tree.nodes; node++) {
      const p = sigmoid(ngrams.estimate(node));
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThan(1);
    }
    position = ngrams.read([token], position, 'mixed');
  }
});
