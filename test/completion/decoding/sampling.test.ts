import { expect, test } from 'vitest';
import { type DrawOptions, draw, promptTokens, sample } from '../../../src/completion/decoding/sampling.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { random } from '../../../src/tape/random.ts';
import { characters, hashing } from '../knowing.ts';

const p = [0.4, 0.05, 0.3, 0.2, 0.05];
const logits = Float32Array.from(p, Math.log);

/** Returns the share of each token in many draws. */
function shares(options: Omit<DrawOptions, 'random'>, draws = 20_000): number[] {
  const next = random(1);
  const counts = p.map(() => 0);
  for (let i = 0; i < draws; i++) counts[draw(logits, { ...options, random: next })]++;
  return counts.map((count) => count / draws);
}

const normalised = (weights: number[]) => {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
};

test.each<[string, Omit<DrawOptions, 'random'>, number[]]>([
  ['as probable as they are', { temperature: 1 }, p],
  ['the likeliest alone', { temperature: 0 }, [1, 0, 0, 0, 0]],
  ['sharper', { temperature: 0.5 }, normalised(p.map((each) => each ** 2))],
  ['two of them', { temperature: 1, topK: 2 }, normalised([0.4, 0, 0.3, 0, 0])],
  ['as many as have half the probability', { temperature: 1, topP: 0.5 }, normalised([0.4, 0, 0.3, 0, 0])],
  ['one at least', { temperature: 1, topP: 0 }, [1, 0, 0, 0, 0]],
  ['what both leave', { temperature: 1, topK: 3, topP: 0.6 }, normalised([0.4, 0, 0.3, 0, 0])],
  ['all', { temperature: 1, topK: 99, topP: 1 }, p],
])('%s', (_, options, wanted) => {
  for (const [token, share] of shares(options).entries()) expect(share).toBeCloseTo(wanted[token], 1);
});

test('a seed says all', () => {
  const vocabulary = Vocabulary.of('some letters');
  const write = (seed: number) =>
    [
      ...sample(hashing(vocabulary), characters(vocabulary), 'so', {
        length: 60,
        temperature: 1,
        topP: 0.9,
        random: random(seed),
      }),
    ].join('');
  expect(write(1)).toBe(write(1));
  expect(write(1)).not.toBe(write(2));
  expect(write(1)).toHaveLength(60);
});

test.each([
  ['line ends as in a training', 'a\r\nb\rc', 'forward', 'a\nb\nc'],
  ['an empty prompt is the end of a line', '', 'forward', '\n'],
  ['a network that reads backward reads the prompt from its end', 'a\r\nbc', 'backward', 'cb\na'],
] as const)('%s', (_, prompt, direction, read) => {
  const vocabulary = Vocabulary.of('a\nbc');
  expect([...promptTokens(characters(vocabulary), prompt, direction)]).toEqual([...vocabulary.encode(read)]);
  const write = (from: string, of: 'forward' | 'backward') =>
    [
      ...sample(hashing(vocabulary), characters(vocabulary), from, {
        length: 20,
        temperature: 1,
        random: random(1),
        direction: of,
      }),
    ].join('');
  expect(write(prompt, direction)).toBe(write(read, 'forward'));
});
