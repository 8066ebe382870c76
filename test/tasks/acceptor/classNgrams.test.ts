import { expect, test } from 'vitest';
import { random } from '../../../src/tape/random.ts';
import { ClassNgrams, mostOfRow, type RowOfClass } from '../../../src/tasks/acceptor/classNgrams.ts';

const longest = 5;

/** A slow reference: the counts of each class by the context as a text, in which ^ stands before a row and $ ends it. */
class SlowNgrams {
  readonly #classes: number;
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #characters = new Set<string>();

  constructor(classes: number, rows: readonly RowOfClass[]) {
    this.#classes = classes;
    for (const { text, target } of rows) {
      for (const character of text) this.#characters.add(character);
      for (const { context, character } of this.#events(text))
        for (let length = context.length; length >= 0; length--) {
          const counts = this.#countsOf(target, context.slice(context.length - length));
          const isKnown = counts.has(character);
          counts.set(character, (counts.get(character) ?? 0) + 1);
          if (isKnown) break;
        }
    }
  }

  likelihoods(text: string): number[] {
    return Array.from({ length: this.#classes }, (_, target) => {
      let sum = 0;
      for (const { context, character } of this.#events(text)) {
        if (character !== '$' && !this.#characters.has(character)) continue;
        let p = 1 / (this.#characters.size + 1);
        for (let length = 0; length <= context.length; length++) {
          const counts = this.#countsOf(target, context.slice(context.length - length));
          const total = [...counts.values()].reduce((all, count) => all + count, 0);
          if (total === 0) break;
          const discount = (count: number) => (count === 1 ? 0.7 : count === 2 ? 0.8 : 0.9);
          const given = [...counts.values()].reduce((all, count) => all + discount(count), 0);
          const own = counts.get(character);
          p = ((own === undefined ? 0 : own - discount(own)) + given * p) / total;
        }
        sum += Math.log(p);
      }
      return sum;
    });
  }

  #events(text: string): { context: string[]; character: string }[] {
    const all = ['^', ...text, '$'];
    return all
      .slice(1)
      .map((character, at) => ({ context: all.slice(Math.max(0, at + 1 - longest), at + 1), character }));
  }

  #countsOf(target: number, context: readonly string[]): Map<string, number> {
    const key = JSON.stringify([target, context]);
    const known = this.#counts.get(key) ?? new Map<string, number>();
    this.#counts.set(key, known);
    return known;
  }
}

/** Rows of random letters, more of which are a than b in one class; and a character of two code units. */
function randomRows(count: number, seed: number): RowOfClass[] {
  const next = random(seed);
  return Array.from({ length: count }, () => {
    const target = Math.floor(next() * 3);
    const letters = Array.from({ length: 1 + Math.floor(next() * 30) }, () =>
      next() < 0.4 ? 'abc'[target] : ['a', 'b', 'c', ' ', '🌊'][Math.floor(next() * 5)],
    );
    return { target, text: letters.join('') };
  });
}

test('agrees with a slow reference, also on characters and contexts that were never counted', () => {
  const rows = randomRows(200, 1);
  const ngrams = new ClassNgrams(3, rows);
  const slow = new SlowNgrams(3, rows);
  for (const { text } of [...randomRows(100, 2), { text: 'zebra' }, { text: '' }, { text: '🌊x' }]) {
    const found = [...ngrams.likelihoods(text)];
    for (const [index, expected] of slow.likelihoods(text).entries())
      expect(found[index]).toBeCloseTo(expected, 9);
  }
});

test('rows are told apart by the class whose model likes them best', () => {
  const ngrams = new ClassNgrams(3, randomRows(300, 3));
  const others = randomRows(300, 4).filter(({ text }) => text.length > 15);
  const right = others.filter(({ text, target }) => {
    const found = ngrams.likelihoods(text);
    return found.indexOf(Math.max(...found)) === target;
  });
  expect(right.length / others.length).toBeGreaterThan(0.9);
});

test('a class has the share of the rows, and one of no rows a small one', () => {
  const shares = new ClassNgrams(3, [
    { text: 'a', target: 0 },
    { text: 'b', target: 0 },
    { text: 'c', target: 1 },
  ]).priors();
  expect([...shares].map(Math.exp)).toEqual([3, 2, 1].map((rows) => expect.closeTo(rows / 6, 12)));
});

test('a long row is read up to a bound', () => {
  const ngrams = new ClassNgrams(
    2,
    randomRows(50, 5).map(({ text }, row) => ({ text, target: row % 2 })),
  );
  const long = 'ab'.repeat(mostOfRow);
  expect(ngrams.likelihoods(long)).toEqual(ngrams.likelihoods(long.slice(0, mostOfRow)));
});

test('of more characters than are counted, rows from all of the table are', () => {
  // The one row with a z comes at the end.
  const many = Array.from({ length: 2001 }, (_, row) => ({
    text: row === 2000 ? 'z'.repeat(500) : 'ab'.repeat(500),
    target: row === 2000 ? 1 : 0,
  }));
  const found = new ClassNgrams(2, many).likelihoods('zzz');
  expect(found[1]).toBeGreaterThan(found[0]);
});
