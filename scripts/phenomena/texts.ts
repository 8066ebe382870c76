// The texts and cells in which the phenomena are seen.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../../src/tape/random.ts';
import { root } from '../ready.mjs';

/** A linear network whose gradient grows by a tenth with every step: over 50 steps, by 1.1⁵⁰ = 117. */
const exploding = `cell Exploding
  h[t] = 1.1 * (U h[t-1]) + W x[t]
  init U = orthogonal
  fixed U

model
  layers = Exploding 64

train
  learningRate = 0.0001
  recover = false
  epochs = 1
`;

const words = {
  determiner: ['the', 'a', 'every'],
  noun: ['gardener', 'neighbour', 'rose', 'fence', 'gate', 'tree'],
  verb: ['sees', 'paints', 'finds', 'likes'],
  adverb: ['here', 'today', 'again', 'now'],
};

/**
 * Returns sentences with tags in whose middle `her` is a determiner before a noun and a pronoun before an adverb, so that
 * what follows tells.
 */
function taggedSentences(count: number): string {
  const next = random(1);
  const one = (tag: keyof typeof words) => `${words[tag][Math.floor(next() * words[tag].length)]}\t${tag}`;
  const sentence = () => {
    const isOwner = next() < 0.5;
    return [
      one('determiner'),
      one('noun'),
      one('verb'),
      `her\t${isOwner ? 'determiner' : 'pronoun'}`,
      one(isOwner ? 'noun' : 'adverb'),
      one('adverb'),
      '.\tend',
    ];
  };
  return Array.from({ length: count }, () => `${sentence().join('\n')}\n`).join('\n');
}

/** The contents of the files by their names. */
export const files = {
  'greenhouse.log': readFileSync(join(root, 'media/walkthrough/greenhouse.log'), 'utf8'),
  'exploding.rnn': exploding,
  'lstm.rnn': `${readFileSync(join(root, 'src/cells/lstm.rnn'), 'utf8').replace('cell LSTM', 'cell MyLSTM')}\nmodel\n  layers = MyLSTM 64\n`,
  'sentences.conll': taggedSentences(300),
};
