// The features of words in Python are those of here.
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WordFeatures } from '../../../src/data/columns/wordFeatures.ts';
import { random } from '../../../src/tape/random.ts';

const python = spawnSync('python3', ['--version']).status === 0;
const scripts = join(import.meta.dirname, '../../../src/export/pytorch/python');
const parts = ['a', 'Ab', '-', '3', '٣', 'é', 'É', '中', 'ß', '.', "'", '😀', 'ing', 'Ǆ'];

test.skipIf(!python)('a word has the same tokens in Python (skipped where there is no python3)', () => {
  const next = random(4);
  const word = () =>
    Array.from({ length: 1 + Math.floor(next() * 5) }, () => parts[Math.floor(next() * parts.length)]).join(
      '',
    );
  const known = Array.from({ length: 400 }, word);
  const features = WordFeatures.learn([...known, ...known.slice(0, 300)]);
  const words = [...known, ...Array.from({ length: 400 }, word)];
  const program = `import json, sys
from features import Features
known, words = json.load(sys.stdin)
features = Features(known)
print(json.dumps([features.encode(word) for word in words]))`;
  const found = execFileSync('python3', ['-B', '-c', program], {
    cwd: scripts,
    input: JSON.stringify([features.names, words]),
    encoding: 'utf8',
  });
  expect(JSON.parse(found)).toEqual(words.map((each) => [...features.encode(each)]));
});
