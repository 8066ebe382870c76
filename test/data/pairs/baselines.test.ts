import { expect, test } from 'vitest';
import { applyEdit, commonestEdit, rewritingBaselines } from '../../../src/data/pairs/baselines.ts';
import { characterErrorRate, editDistance } from '../../../src/data/pairs/editDistance.ts';
import { random } from '../../../src/tape/random.ts';

const pairs = (rows: readonly string[]) =>
  rows.map((row) => {
    const [text, label] = row.split(' ');
    return { text, label };
  });

test('the commonest edit is the ending or beginning that most rows have replaced', () => {
  const plurals = pairs(['cat cats', 'dog dogs', 'house houses', 'sheep sheep', 'wife wives']);
  const edit = commonestEdit(plurals)!;
  expect(edit).toEqual({ end: 'ending', removed: '', added: 's' });
  expect(applyEdit(edit, 'tree')).toBe('trees');
  const negated = commonestEdit(pairs(['happy unhappy', 'kind unkind', 'real unreal']))!;
  expect(negated).toEqual({ end: 'beginning', removed: '', added: 'un' });
  expect(applyEdit(negated, 'even')).toBe('uneven');
  const past = commonestEdit(pairs(['singing sings', 'running runnings', 'walking walks', 'talking talks']))!;
  expect(applyEdit(past, 'looking')).toBe('looks');
  expect(applyEdit(past, 'went')).toBe('went');
});

test('there is no commonest edit where no two rows share one', () => {
  expect(commonestEdit(pairs(['a b', 'cd ef', 'gh gi']))).toBeNull();
});

test('baselines are the shares of measured rows that copying and the commonest edit make right', () => {
  const train = pairs(['cat cats', 'dog dogs', 'cow cows']);
  const measured = pairs(['tree trees', 'sheep sheep', 'man men', 'bee bees']);
  expect(rewritingBaselines(train, measured)).toEqual([
    { name: 'copying the source', value: 0.25 },
    { name: 'commonest edit', value: 0.5 },
  ]);
});

test('the edit distance is that of the definition', () => {
  const slow = (from: readonly string[], to: readonly string[]): number => {
    if (from.length === 0 || to.length === 0) return from.length + to.length;
    const [[a, ...restA], [b, ...restB]] = [from, to];
    if (a === b) return slow(restA, restB);
    return 1 + Math.min(slow(restA, to), slow(from, restB), slow(restA, restB));
  };
  const next = random(5);
  const word = () =>
    Array.from({ length: Math.floor(6 * next()) }, () => 'ab😀'.match(/./gu)![Math.floor(3 * next())]);
  for (let trial = 0; trial < 300; trial++) {
    const [from, to] = [word(), word()];
    expect(editDistance(from.join(''), to.join(''))).toBe(slow(from, to));
  }
  expect(editDistance('kitten', 'sitting')).toBe(3);
});

test('the character error rate is over the characters of all right texts', () => {
  const rate = characterErrorRate([
    { written: 'abc', right: 'abd' },
    { written: '', right: 'x' },
    { written: '123456', right: '123456' },
  ]);
  expect(rate).toBeCloseTo(2 / 10, 12);
});
