// Checks what counts alone predict, and how a network joins them.
import { describe, expect, test } from 'vitest';
import type { Predictor } from '../../../src/backend/engine.ts';
import { Ensemble } from '../../../src/completion/ensemble/ensemble.ts';
import { sigmoid } from '../../../src/completion/ensemble/logisticMixer.ts';
import { TokenMarginalizer } from '../../../src/completion/ensemble/tokenMarginalization.ts';
import { countText, runSteps } from '../../../src/completion/ensemble/trainEnsemble.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { random } from '../../../src/tape/random.ts';
import { characters, hashing } from '../knowing.ts';

const next = random(5);
const names = ['anna', 'bert', 'carl', 'dora'];
const text = Array.from({ length: 400 }, () => `say ${names[Math.floor(next() * 4)]}.\n`).join('');
const vocabulary = Vocabulary.of(text);
const counting = runSteps(countText(vocabulary, text), async () => {});

/** Returns the mean of -log2 p over a text. */
function bits(ensemble: Ensemble, of: string): number {
  let position = ensemble.begin();
  for (const token of vocabulary.encode(text.slice(-64))) position = ensemble.read(position, token);
  let sum = 0;
  for (const token of vocabulary.encode(of)) {
    sum -= Math.log2(ensemble.predict(position)[token]);
    position = ensemble.read(position, token);
  }
  return sum / of.length;
}

test('without a network there is one distribution, and it knows the text', async () => {
  const { ensemble } = await counting;
  let position = ensemble.begin();
  for (const token of vocabulary.encode(text.slice(-200))) {
    const p = ensemble.predict(position);
    expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 10);
    expect(Math.min(...p)).toBeGreaterThan(0);
    position = ensemble.read(position, token);
  }
  // Two bits for a name, of some ten characters a line.
  expect(bits(ensemble, 'say dora.\nsay anna.\n')).toBeLessThan(0.4);
});

test('what it says of its end was said before the end was counted', async () => {
  const { tail } = await counting;
  expect(tail.recalled.length).toBeGreaterThan(200);
  expect(tail.recalled.map(({ token }) => token)).toEqual([
    ...vocabulary.encode(text).slice(-tail.recalled.length),
  ]);
  const shorter = await runSteps(
    countText(vocabulary, text.slice(0, text.length - tail.recalled.length)),
    async () => {},
  );
  let position = shorter.ensemble.begin();
  for (const token of vocabulary.encode(shorter.text.slice(-256)))
    position = shorter.ensemble.read(position, token);
  const [{ token, decisions }] = tail.recalled;
  // The codes of tokens fit the frequencies of the text, and so the shorter text has other ones.
  const product = (of: typeof decisions) =>
    of.reduce((p, { z, decision }) => p * (decision === 1 ? sigmoid(z) : 1 - sigmoid(z)), 1);
  expect(product(decisions)).toBeCloseTo(product(shorter.ensemble.recall(position, token).decisions), 1);
});

describe('a network joins', () => {
  /** Knows the text by heart: after each prefix of a line, it is sure of what the next name in the text is. */
  function byHeart(of: string): Predictor {
    const tokens = vocabulary.encode(of);
    return {
      ...hashing(vocabulary),
      initial: () => Float32Array.of(0),
      next(state, _token, nextState, logits) {
        nextState[0] = state[0] + 1;
        logits.fill(0);
        logits[tokens[nextState[0]]] = 8;
      },
    };
  }

  async function joined(predictor: Predictor) {
    const { ensemble: counts, ngrams, tail } = await counting;
    const marginalizer = new TokenMarginalizer(predictor, characters(vocabulary));
    const ensemble = new Ensemble(marginalizer, vocabulary, ngrams, counts.mixture);
    const before = ensemble.mixture;
    for (const _ of ensemble.join(tail));
    return { before, after: ensemble.mixture, ensemble, counts };
  }
  /** The weight of the network, summed over all sets. */
  const ofNetwork = (mixture: Float32Array) =>
    mixture.reduce((sum, weight, at) => sum + (at % 2 === 1 ? weight : 0), 0);

  test('with no weight before, and with much where it knows what comes', async () => {
    const { tail } = await counting;
    const end = text.slice(-(tail.lead.length + tail.recalled.length));
    const knowing = await joined(byHeart(end));
    expect(ofNetwork(knowing.before)).toBe(0);
    expect(ofNetwork(knowing.after)).toBeGreaterThan(0.3);
    const guessing = await joined(hashing(vocabulary));
    expect(Math.abs(ofNetwork(guessing.after))).toBeLessThan(0.1);
  });

  test('that knows nothing, and makes nothing worse', async () => {
    const { ensemble, counts } = await joined(hashing(vocabulary));
    const of = 'say dora.\nsay bert.\nsay anna.\n';
    expect(bits(ensemble, of)).toBeLessThan(bits(counts, of) + 0.05);
  });
});
