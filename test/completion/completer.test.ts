import { describe, expect, test } from 'vitest';
import type { Predictor } from '../../src/backend/engine.ts';
import { Completer } from '../../src/completion/completer.ts';
import { suggestionDefaults } from '../../src/completion/decoding/suggest.ts';
import { NgramModel } from '../../src/completion/ensemble/ngramModel.ts';
import { Vocabulary } from '../../src/data/text/vocabulary.ts';
import { characters, hashing, inCompany } from './knowing.ts';

const text = 'if (ready) {\n\tstart(engine);\n}\n'.repeat(40);

/** Returns a completer whose network predicts nothing: the ensemble's other models make the suggestions. */
function completer() {
  const vocabulary = Vocabulary.of(text);
  const ngrams = new NgramModel(vocabulary);
  const silent: Predictor = {
    ...hashing(vocabulary),
    next: (_state, _token, _next, logits) => void logits.fill(0),
  };
  const model = inCompany(silent, vocabulary, ngrams);
  let position = model.begin();
  for (const token of vocabulary.encode(text)) {
    const after = model.read(position, token);
    model.learn(position, after);
    position = after;
  }
  // The clock stands still, so that the search ends where nothing likely is left.
  return new Completer(model, null, characters(vocabulary), () => 0);
}

const pause = async () => {};

async function suggested(before: string, { after = '', typed = 0, by = completer() } = {}) {
  const cursor = { document: 'a', offset: 0, before, after, typed };
  const [first] = await by.suggest({ ...cursor, ...suggestionDefaults, count: 1 }, pause);
  return first?.text ?? '';
}

describe('in odd places', () => {
  test.each([
    ['an empty text', '', '', ''],
    ['after a tab', `${text}if (ready) {\n\t`, '', 'start(engine);\n}'],
    ['between brackets that the editor has closed', `${text}if (ready) {\n\tstart(`, ')', 'engine'],
    ['and the statement that they end', `${text}if (ready) {\n\tstart(`, ');', 'engine'],
    ['before a word that is new', `${text}if (ready) {\n\tst`, 'x', 'art('],
    ['after a character that is new', `${text}if (ready) { // 👍\n\tstart(en`, '', 'gine);\n}'],
    ['in a text of which all is new', 'ВСЁ ДРУГОЕ', '', ''],
  ])('%s', async (_, before, after, expected) => {
    expect(await suggested(before, { after })).toBe(expected);
  });
});

test('what was undone leaves the suggestion as it was', async () => {
  const by = completer();
  const before = `${text}if (ready) {\n\tst`;
  const first = await suggested(before, { by });
  expect(first).not.toBe('');
  await suggested(`${before}xyz`, { by });
  expect(await suggested(before, { by })).toBe(first);
});

test('a character that is new is learned from as every other', async () => {
  const by = completer();
  await suggested(text, { by });
  await suggested(`${text}👍👍 x`, { typed: 6, by });
  const { characters, bits } = by.surprise('a');
  expect(characters).toBe(4);
  expect(bits).toBeGreaterThan(4);
  expect(bits).toBeLessThan(100);
});
