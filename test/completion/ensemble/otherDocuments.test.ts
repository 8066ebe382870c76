import { expect, test } from 'vitest';
import { Ensemble } from '../../../src/completion/ensemble/ensemble.ts';
import { NgramModel } from '../../../src/completion/ensemble/ngramModel.ts';
import { OtherDocuments } from '../../../src/completion/ensemble/otherDocuments.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { likeliest } from '../../../src/inspection/surprise.ts';

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
  /** Returns what is predicted after `before`. */
  const predictions = (before: string) => {
    const ensemble = new Ensemble(null, vocabulary, ngrams, null);
    let place = ensemble.begin();
    for (const token of vocabulary.encode(before)) place = ensemble.read(place, token);
    return ensemble.predict(place);
  };
  return { read, predictions };
}

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
  expect(once[vocabulary.token(' ')]).toBeGreaterThan(before[vocabulary.token(' ')]);
  expect(likeliest(once, 1)[0].token).toBe(vocabulary.token(' '));
  read(`${text}red bed ruled\n`);
  expect(predictions('red bed')).toEqual(once);
});

test('a line as long as a file is read in slices', () => {
  expect(start().read('red bed '.repeat(10_000))).toBeGreaterThan(100);
});
