import { expect, test } from 'vitest';
import { NgramModel, ngramPredictions } from '../../../src/completion/ensemble/ngramModel.ts';
import { OtherDocuments } from '../../../src/completion/ensemble/otherDocuments.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';

const text = 'red green blue\nblue green red\n';
const vocabulary = Vocabulary.of(text);

function start() {
  const ngrams = new NgramModel(vocabulary);
  ngrams.read(vocabulary.encode(text));
  const library = new OtherDocuments(ngrams, vocabulary, text);
  const read = (more: string) => {
    let slices = 0;
    for (const _ of library.read(more)) slices++;
    return slices;
  };
  /** Returns what all kinds of context predict after `before`. */
  const predictions = (before: string) => {
    let place = ngrams.begin();
    for (const token of vocabulary.encode(before)) place = ngrams.follow(place, token);
    const logs = Array.from({ length: ngramPredictions }, () => new Float64Array(vocabulary.size));
    const { expected } = ngrams.opine(place, logs);
    return { logs, expected };
  };
  return { read, predictions };
}

const last = (logs: readonly Float64Array[], symbol: string) => logs.at(-3)![vocabulary.token(symbol)];

test('what is known already changes nothing', () => {
  const { read, predictions } = start();
  const before = predictions('red green b');
  read(text);
  read('blue green red\nred green blue');
  expect(predictions('red green b')).toEqual(before);
});

test('a new line is known, and once', () => {
  const { read, predictions } = start();
  const before = predictions('red bed');
  read('red bed ruled\n');
  const once = predictions('red bed');
  expect(last(once.logs, ' ')).toBeGreaterThan(last(before.logs, ' '));
  expect(once.expected?.token).toBe(vocabulary.token(' '));
  read(`${text}red bed ruled\n`);
  expect(predictions('red bed')).toEqual(once);
});

test('a line as long as a file is read in slices', () => {
  expect(start().read('red bed '.repeat(10_000))).toBeGreaterThan(100);
});
