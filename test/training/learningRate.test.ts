import { expect, test } from 'vitest';
import { trainWithDefaults } from '../../src/language/options/optionDefaults.ts';
import { learningRate } from '../../src/training/learningRate.ts';

test('the learning rate rises over the warm-up and falls as its decay says', () => {
  const options = (decay: 'none' | 'linear' | 'cosine', warmup = 0) =>
    trainWithDefaults({ learningRate: 0.4, warmup, decay });
  expect(learningRate(options('none', 4), 0, 0)).toBeCloseTo(0.1);
  expect(learningRate(options('none', 4), 3, 0)).toBeCloseTo(0.4);
  expect(learningRate(options('none'), 1e6, 1)).toBeCloseTo(0.4);
  expect(learningRate(options('linear'), 9, 0.25)).toBeCloseTo(0.3);
  expect(learningRate(options('cosine'), 9, 0.5)).toBeCloseTo(0.2);
  expect(learningRate(options('cosine'), 9, 1)).toBeCloseTo(0);
});
