import { expect, test } from 'vitest';
import { pieces } from '../../../../src/data/text/tokens/bytePairEncoding.ts';
import { random } from '../../../../src/tape/random.ts';
import * as slow from './slowPieces.ts';

test('from random units the same symbols are learned as by counting every pair anew', () => {
  const next = random(1);
  const below = (limit: number) => Math.floor(next() * limit);
  let learned = 0;
  for (let i = 0; i < 1500; i++) {
    // The letters are few, so that pairs overlap and a symbol can arise in several ways.
    const letters = ['a', 'b', 'c', 'é', '𝔘', '\u0301'].slice(0, 1 + below(6));
    const unit = () => Array.from({ length: 1 + below(12) }, () => letters[below(letters.length)]).join('');
    const units = new Map(Array.from({ length: 1 + below(40) }, () => [unit(), 1 + below(9)]));
    const symbols = pieces.learn(units, below(60));
    expect(symbols).toEqual(slow.learn(units, symbols.length));
    learned += symbols.length;
    const rank = new Map(symbols.map((symbol, rank) => [symbol, rank]));
    for (const each of units.keys()) expect(pieces.parts(each, rank)).toEqual(slow.parts(each, rank));
  }
  expect(learned).toBeGreaterThan(5000);
});

test('from base64 too, and there are no more symbols than are asked for', () => {
  const next = random(2);
  const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const text = Array.from({ length: 60_000 }, () => base64[Math.floor(next() ** 2 * 64)]).join('');
  const units = new Map<string, number>();
  for (const [unit] of text.matchAll(pieces.units)) units.set(unit, (units.get(unit) ?? 0) + 1);
  const symbols = pieces.learn(units, 100);
  expect(symbols.length).toBe(100);
  expect(symbols).toEqual(slow.learn(units, 100));
  const all = pieces.learn(units, 100_000);
  expect(all.slice(0, 100)).toEqual(symbols);
  expect(pieces.learn(units, 0)).toEqual([]);
});
