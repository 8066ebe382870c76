import { expect, test } from 'vitest';
import { pieces } from '../../../../src/data/text/tokens/bytePairEncoding.ts';
import { countUnits } from '../../../../src/data/text/tokens/unitCounts.ts';
import { words } from '../../../../src/data/text/tokens/words.ts';
import { random } from '../../../../src/tape/random.ts';

test('units are counted as by a search for each, and new ones as long as there is room', () => {
  const next = random(5);
  const letters = [...'aab  c1.\n'];
  let left = 0;
  for (let round = 0; round < 200; round++) {
    const text = Array.from({ length: Math.floor(200 * next()) }, () => letters[Math.floor(9 * next())]).join(
      '',
    );
    const { units } = round % 2 === 0 ? pieces : words;
    const all = text.match(units) ?? [];
    const most = Math.floor(60 * next());
    const kept: string[] = [];
    for (const unit of all)
      if (!kept.includes(unit) && kept.join('').length + unit.length <= most) kept.push(unit);
    const slow = kept.map((unit) => [unit, all.filter((each) => each === unit).length]);
    expect([...countUnits(text, units, most)]).toEqual(slow);
    expect([...countUnits(text, units, Infinity).values()].reduce((a, b) => a + b, 0)).toBe(all.length);
    left += new Set(all).size - kept.length;
  }
  expect(left).toBeGreaterThan(100);
});
