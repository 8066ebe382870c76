import { expect, test } from 'vitest';
import { CodeTree } from '../../../src/completion/ensemble/codeTree.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';

const text = `${'the theme of them all, '.repeat(40)}Then 1 or 2\nçédille 今日は`;
const vocabulary = Vocabulary.of(text);
const tokens = vocabulary.encode(text);
const tree = new CodeTree(vocabulary, tokens);

const decisionsOf = (token: number) => {
  const decisions: { node: number; decision: number }[] = [];
  tree.walk(token, (node, decision) => decisions.push({ node, decision }));
  return decisions;
};

test('the decisions on the way to a token lead to it and to no other', () => {
  const paths = vocabulary.characters.map((_, token) => decisionsOf(token));
  for (const [token, path] of paths.entries()) {
    const { node, decision } = path.at(-1)!;
    expect(tree.children[2 * node + decision]).toBe(~token);
    expect(path.length).toBe(tree.lengths[token]);
    expect(path[0].node).toBe(0);
  }
  expect(new Set(paths.map((path) => JSON.stringify(path))).size).toBe(vocabulary.size);
  expect(tree.nodes).toBe(vocabulary.size - 1);
});

test('a node knows the decisions that lead to it, and the leaves on either side', () => {
  for (const [token] of vocabulary.characters.entries())
    for (const { node, decision } of decisionsOf(token)) {
      const bits = tree.depths[node];
      expect(bits === 0 ? 0 : tree.codes[token] >>> (32 - bits)).toBe(
        bits === 0 ? 0 : tree.prefixes[node] >>> (32 - bits),
      );
      const at = tree.leaves.indexOf(token);
      const [from, middle, to] = tree.ranges.subarray(3 * node, 3 * node + 3);
      expect(at).toBeGreaterThanOrEqual(decision === 0 ? from : middle);
      expect(at).toBeLessThan(decision === 0 ? middle : to);
    }
});

test('frequent tokens take few decisions: two bits more than their information at most', () => {
  const counts = new Map<number, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  let information = 0;
  let decisions = 0;
  for (const [token, count] of counts) {
    information -= count * Math.log2(count / tokens.length);
    decisions += count * tree.lengths[token];
  }
  expect(decisions / tokens.length).toBeLessThan(information / tokens.length + 2);
});

test('no code is longer than 32 bits, however unequal the frequencies', () => {
  const kinds = Array.from({ length: 1000 }, (_, kind) => String.fromCodePoint(0x4e00 + kind));
  const many = Vocabulary.of(kinds.join(''));
  const skewed = many.encode(
    kinds
      .slice(0, 16)
      .map((kind, rank) => kind.repeat(2 ** rank))
      .join(''),
  );
  const { lengths } = new CodeTree(many, skewed);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(32);
});

test('digits, capitals and small letters have a part of the tree each', () => {
  const kinds = [/^\d$/, /^[A-Z]$/, /^[a-z]$/];
  for (const kind of kinds) {
    const places = [...tree.leaves.keys()].filter((at) => kind.test(vocabulary.characters[tree.leaves[at]]));
    expect(places.length).toBeGreaterThan(0);
    expect(places.at(-1)! - places[0]).toBe(places.length - 1);
  }
});

test('a vocabulary that is empty has no decisions', () => {
  expect(new CodeTree(Vocabulary.of(''), new Int32Array()).nodes).toBe(0);
});
