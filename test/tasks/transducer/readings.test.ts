// A document is understood as tagged sentences where it is one, and its wrong lines are found.
import { expect, test } from 'vitest';
import { transducerReadings, wrongLinesOfTags } from '../../../src/tasks/transducer/readings.ts';
import { tagged } from '../../data/columns/tagged.ts';

test('sentences, tags and tokens without one are counted', () => {
  const text = tagged(30, 1).replace(/\t\w+\n/, '\t\n');
  expect(transducerReadings(text)).toEqual([
    {
      sentence: 'Tag tokens: 30 sentences, 3 tags, 1 token without one',
      choice: { kind: 'transducer', reads: null, writes: null, heldOut: null },
      columns: [],
      reads: null,
      writes: null,
      obstacle: null,
      misfits: null,
    },
  ]);
});

test('too few sentences are said before the training, and a text is none', () => {
  expect(transducerReadings(tagged(5, 1))[0].obstacle).toContain('20 sentences with tags are needed');
  expect(transducerReadings('A text of some words.\nAnd a second line.\n')).toEqual([]);
});

test('a line that does not fit is found', () => {
  const lines = tagged(30, 1).split('\n');
  lines.splice(1, 0, 'a\tb\tc\td');
  const columns = { reads: null, writes: null };
  expect(wrongLinesOfTags(lines.join('\n'), columns)).toMatchObject([
    { from: { line: 1, character: 0 }, to: { line: 1, character: 7 }, mend: null },
  ]);
  expect(wrongLinesOfTags(tagged(30, 1), columns)).toEqual([]);
});
