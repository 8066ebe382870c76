import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptFailures } from './failure.ts';
import type { Session } from './target.ts';
import { targets } from './targets/index.ts';

test('every target has a name and a claim of its own', () => {
  expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length);
  expect(new Set(targets.map(({ claim }) => claim)).size).toBe(targets.length);
  for (const { inputs, all } of targets) expect(!inputs).toBe(!!all);
});

for (const target of targets) {
  const failures = keptFailures(target.name);
  if (failures.length === 0) continue;
  describe(`what once failed in '${target.name}'`, () => {
    let session: Session<unknown>;
    beforeAll(async () => {
      session = await target.open();
    });
    afterAll(() => session?.close());
    for (const { file, input, message } of failures)
      test(`${file}: ${message.split('\n')[0]}`, async () => {
        await session.check(input);
      });
  });
}
