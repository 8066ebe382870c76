import { describe, expect, test } from 'vitest';
import {
  ask,
  byLevel,
  Chunks,
  chunkSize,
  neededFor,
  type Span,
} from '../../../../src/editor/inText/tint/chunks.ts';
import { random } from '../../../../src/tape/random.ts';

/** Returns a span for every character of a chunk, whose value is that character. */
const spansOf = (text: string, chunk: number): Span<string>[] =>
  Array.from(text.slice(chunk * chunkSize, (chunk + 1) * chunkSize), (value, index) => {
    const from = chunk * chunkSize + index;
    return { from, to: from + 1, value };
  });

const whole = (text: string) => [{ from: 0, to: text.length }];

function read(chunks: Chunks<string>, text: string): number[] {
  const wanted = chunks.wanted(whole(text));
  for (const chunk of wanted) chunks.put(chunk, spansOf(text, chunk));
  return wanted;
}

test('random edits: what is known afterwards is what the text is', () => {
  const next = random(1);
  const chunks = new Chunks<string>();
  let text = 'abcdefgh'.repeat(1000);
  for (let i = 0; i < 100; i++) {
    const at = Math.floor(next() * text.length);
    const removed = Math.floor(next() * Math.min(3000, text.length - at) * next());
    const inserted = 'xyz'.repeat(Math.floor(next() * 400));
    text = text.slice(0, at) + inserted + text.slice(at + removed);
    chunks.edit(at, removed, inserted.length);
    read(chunks, text);
    expect(chunks.spans.map(({ value }) => value).join('')).toBe(text);
    expect(chunks.spans.every(({ from, value }) => text[from] === value)).toBe(true);
  }
});

test('an edit leaves what stands before it, and moves what stands behind until it is read again', () => {
  const text = 'abcdefgh'.repeat(1000);
  const chunks = new Chunks<string>();
  expect(read(chunks, text)).toEqual([0, 1, 2, 3]);
  chunks.edit(5000, 2, 5);
  expect(chunks.at(4999)?.value).toBe(text[4999]);
  expect(chunks.at(5001)).toBeUndefined();
  expect(chunks.at(5005)?.value).toBe(text[5002]);
  expect(read(chunks, text)).toEqual([2, 3]);
  // A word that begins in the chunk before may have become another one.
  chunks.edit(2 * chunkSize + 3, 0, 1);
  expect(read(chunks, text)).toEqual([1, 2, 3]);
});

test('only what is seen is wanted, and of a line without end its beginning', () => {
  const chunks = new Chunks<string>();
  expect(chunks.wanted([{ from: 100_000, to: 103_000 }])).toEqual([48, 49, 50]);
  const endless = chunks.wanted([{ from: 0, to: 5_000_000 }]);
  expect(endless).toEqual(Array.from({ length: 16 }, (_, chunk) => chunk));
});

test('what was seen long ago is forgotten', () => {
  const chunks = new Chunks<string>();
  for (let chunk = 0; chunk < 500; chunk++) {
    const place = chunk * chunkSize;
    for (const wanted of chunks.wanted([{ from: place, to: place + 1 }]))
      chunks.put(wanted, [{ from: place, to: place + 1, value: 'a' }]);
    expect(chunks.spans.length).toBeLessThanOrEqual(66);
  }
});

describe('a chunk is asked for with what stands before it', () => {
  test.each([
    ['\n', 'ab\ncd\n'],
    ['\r\n', 'ab\r\ncd\r\n'],
    ['\r', 'ab\rcd\r'],
  ])('line ends %j', (_, line) => {
    const document = line.repeat(2000);
    for (const chunk of [0, 1, 2]) {
      const { from, to } = neededFor(chunk);
      const { passage, offsetOf } = ask(chunk, document.slice(from, to), from);
      const normalised = document.slice(from, to).replace(/\r\n?/g, '\n');
      expect(passage.text).toBe(normalised);
      for (let place = 0; place < normalised.length; place++) {
        const found = document[offsetOf(place)];
        expect(found === '\r' ? '\n' : found).toBe(normalised[place]);
      }
      // The passage is the chunk, but for at most one \r\n across a border of it.
      expect(Math.abs(offsetOf(passage.from) - chunk * chunkSize)).toBeLessThanOrEqual(1);
      expect(Math.abs(offsetOf(passage.to) - (chunk + 1) * chunkSize)).toBeLessThanOrEqual(1);
      if (chunk > 0) expect(offsetOf(passage.from) - from).toBeGreaterThanOrEqual(255);
    }
  });

  test('chunks one after the other have every place once', () => {
    const document = 'ab\r\n'.repeat(1000);
    const ends = [0, 1].map((chunk) => {
      const { from, to } = neededFor(chunk);
      const { passage, offsetOf } = ask(chunk, document.slice(from, to), from);
      return [offsetOf(passage.from), offsetOf(passage.to)];
    });
    expect(ends[0][1]).toBe(ends[1][0]);
  });
});

test('neighbours of one level are one stretch', () => {
  const spans = [...'aab.bba'].map((value, from) => ({ from, to: from + 1, value }));
  const levelOf = (value: string) => (value === '.' ? null : 'ab'.indexOf(value));
  expect(byLevel(spans, 2, levelOf)).toEqual([
    [
      { from: 0, to: 2 },
      { from: 6, to: 7 },
    ],
    [
      { from: 2, to: 3 },
      { from: 4, to: 6 },
    ],
  ]);
});
