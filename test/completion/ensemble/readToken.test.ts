// When a network's values are no longer finite, everything that shows its predictions says so in a sentence.
import { expect, test } from 'vitest';
import type { Predictor } from '../../../src/backend/engine.ts';
import { sample } from '../../../src/completion/decoding/sampling.ts';
import { suggest } from '../../../src/completion/decoding/suggest.ts';
import { NetworkModel } from '../../../src/completion/ensemble/networkModel.ts';
import { NgramModel } from '../../../src/completion/ensemble/ngramModel.ts';
import { PassageStates } from '../../../src/completion/stateCache/passageStates.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { surpriseWalk } from '../../../src/inspection/surprise.ts';
import { Problem } from '../../../src/protocol/problem.ts';
import { characters, hashing, inCompany } from '../knowing.ts';

const vocabulary = Vocabulary.of('some letters');
const tokenizer = characters(vocabulary);
const pause = async () => {};

/** Returns a predictor that works until it has read `after` tokens, and then gives the logit `value`. */
function breaking(after: number, value: number): Predictor {
  const sound = hashing(vocabulary);
  let read = 0;
  return {
    ...sound,
    initial: () => sound.initial(),
    next(state, token, nextState, logits) {
      sound.next(state, token, nextState, logits);
      if (++read > after) logits[1] = value;
    },
  };
}

const model = (predictor: Predictor) => inCompany(predictor, vocabulary, new NgramModel(vocabulary));

/** The ways to show predictions, after a text of eight letters. */
const ways: Record<string, (predictor: Predictor) => unknown> = {
  sampling: (predictor) => [
    ...sample(predictor, tokenizer, 'some', { length: 20, temperature: 1, random: () => 0.5 }),
  ],
  'sampling the likeliest': (predictor) => [
    ...sample(predictor, tokenizer, 'some', { length: 20, temperature: 0, random: () => 0.5 }),
  ],
  'surprise of the network alone': (predictor) =>
    new PassageStates(surpriseWalk(new NetworkModel(predictor))).read(
      vocabulary.encode('someletters'),
      pause,
    ),
  'surprise in company': (predictor) =>
    new PassageStates(surpriseWalk(model(predictor))).read(vocabulary.encode('someletters'), pause),
  suggestions: (predictor) => {
    const one = model(predictor);
    let position = one.begin();
    for (const token of vocabulary.encode('some let')) position = one.read(position, token);
    const options = { before: 'some let', after: '', confidence: 0, reading: 0, maxLength: 20, count: 3 };
    return suggest(one, position, options, 0, pause, () => 0);
  },
};

const everyWay = Object.entries(ways).flatMap(([name, way]) =>
  [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(
    (value) => [name, value, way] as const,
  ),
);

test.each(everyWay)('%s says a sentence where a logit is %s', async (_, value, way) => {
  for (const after of [0, 5]) {
    const result = (async () => way(breaking(after, value)))();
    await expect(result).rejects.toThrow(Problem);
    await expect(result).rejects.toThrow(/predicts nothing here: .* in range with tanh/);
  }
});

test.each(Object.entries(ways))('%s goes on where all are numbers', async (_, way) => {
  await way(breaking(Number.POSITIVE_INFINITY, 0));
});
