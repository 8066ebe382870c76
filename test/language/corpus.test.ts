import { describe, expect, test } from 'vitest';
import { type Case, type Expectation, readCase, readCorpus } from './corpus.ts';
import {
  agrees,
  isGraph,
  isMessage,
  isValues,
  observedGraph,
  observedMends,
  observedMessages,
  observedRest,
  observedValues,
  updateCorpus,
  updated,
} from './observe.ts';

if (process.env.UPDATE_EXPECT) updateCorpus();

function check(one: Case, expectation: Expectation): void {
  const { kind, rest, line } = expectation;
  if (kind === 'mended') expect(observedMends(one, line)).toContain(rest);
  else if (isValues(expectation)) {
    const values = observedValues(one, kind);
    expect(agrees(values, rest), `${kind} is ${values.map((step) => [...step].join(' ')).join(' | ')}`).toBe(
      true,
    );
  } else expect(observedRest(one, expectation)).toBe(rest);
}

describe.each(readCorpus())('$name', (one) => {
  test('says what is expected, at its place, and nothing else', () => {
    const wanted = one.expectations
      .filter(isMessage)
      .map(({ kind, rest, line }) => ({ line, text: `${kind} ${rest}` }));
    expect(observedMessages(one)).toEqual(wanted);
  });

  for (const kind of new Set(one.expectations.filter(isGraph).map((expectation) => expectation.kind)))
    test(kind, () => {
      const wanted = one.expectations.filter((expectation) => expectation.kind === kind);
      expect(observedGraph(one, kind)).toEqual(wanted.map(({ rest }) => rest));
    });

  for (const expectation of one.expectations)
    if (!isMessage(expectation) && !isGraph(expectation))
      test(`${expectation.kind} ${expectation.rest}`, () => check(one, expectation));
});

describe('UPDATE_EXPECT', () => {
  const withText = (one: Case, text: string): Case => ({ ...readCase(one.path, text) });

  test('leaves a corpus that holds as it is', () => {
    for (const one of readCorpus()) expect(updated(one)).toBe(one.text);
  });

  test('restores what was changed or is missing', () => {
    for (const one of readCorpus()) {
      const changed = one.text
        .replace(/(# expect: (?:graph|training) ).*/g, '$1 something else')
        .replace(/(# expect: (?:error|warning)) .*/g, '$1 «nothing» something else')
        .replace(/(# expect: order) .*/g, '$1 z y x');
      expect(updated(withText(one, changed))).toBe(one.text);
    }
  });
});
