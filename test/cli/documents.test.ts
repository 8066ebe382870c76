// Checks which documents `train` reads for its arguments.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { readDocuments } from '../../src/cli/documents.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder('documents');

for (const [name, text] of [
  ['b.log', 'second\n'],
  ['a.log', 'first\n'],
  ['deep/er/c.log', 'third\n'],
  ['empty.log', ' \n'],
  ['binary.log', 'a\0b'],
  ['large.log', 'x'.repeat(1_000_001)],
  ['other.txt', 'other\n'],
  ['book.ipynb', JSON.stringify({ nbformat: 4, cells: [{ source: ['a\n', 'b'] }, { source: 'c' }] })],
  ['torn.ipynb', '{ "cells": ['],
  ['.env', 'KEY=1\n'],
  ['deep/notes.md', 'notes\n'],
  ['deep/key.md', `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n`],
]) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

symlinkSync('.env', join(folder, 'linked.txt'));

const read = async (...names: string[]) => {
  const paths = names.map((name) => join(folder, name));
  const { documents, files, remarks } = await readDocuments(paths);
  return { documents, files: files.map((file) => relative(folder, file)), remarks };
};

test.each([
  ['one file, whatever it is', ['binary.log'], { files: ['binary.log'], remarks: [] }],
  [
    'several, in the order in which they are named',
    ['b.log', 'a.log'],
    { documents: ['second\n', 'first\n'] },
  ],
  ['none twice', ['a.log', '*.txt', 'a.log'], { documents: ['first\n', 'other\n'] }],
  ['a glob, in the order of paths', ['**/[abc].log'], { documents: ['first\n', 'second\n', 'third\n'] }],
  [
    'what is left out is said',
    ['**/*.log'],
    {
      files: ['a.log', 'b.log', 'deep/er/c.log'],
      remarks: ['3 of 6 files are read; left out: 1 binary, 1 empty, 1 too large.'],
    },
  ],
  ['a notebook, cell by cell', ['book.ipynb'], { documents: ['a\nb\n\nc\n'] }],
  [
    'of several, a notebook that is torn is left out',
    ['*.ipynb'],
    { files: ['book.ipynb'], remarks: ['1 of 2 files are read; left out: 1 no notebook.'] },
  ],
  [
    'nothing of secrets',
    ['deep/*.md', '.env', 'linked.txt'],
    { files: ['deep/notes.md'], remarks: ['1 of 4 files are read; left out: 3 like secrets.'] },
  ],
  ['a large file that is named', ['large.log', 'a.log'], { files: ['large.log', 'a.log'] }],
  ['a large file that is named before a glob', ['large.log', '[al]*.log'], { files: ['large.log', 'a.log'] }],
  ['a large file that is named after one', ['[al]*.log', 'large.log'], { files: ['a.log', 'large.log'] }],
])('%s', async (_, names, expected) => expect(await read(...names)).toMatchObject(expected));

test.each([
  ['nothing', [], /Name a text file/],
  ['a torn notebook', ['torn.ipynb'], /torn\.ipynb is no notebook that can be read\./],
  ['a file that is not there', ['none.log'], /no file .*none\.log that can be read/],
  ['a glob that finds nothing', ['*.none'], /no file .*\*\.none/],
  ['a folder', ['deep'], /is a folder: name a file, or '.*deep\/\*\*\/\*'/],
  ['a secret', ['.env'], /looks like a file with secrets: nothing is trained on it\. With --secrets /],
  ['a link to a secret', ['linked.txt'], /looks like a file with secrets/],
  ['a private key', ['deep/key.md'], /holds a private key/],
  ['no text at all', ['binary.log', 'empty.log'], /None of the 2 files/],
])('refuses %s', (_, names, sentence) => expect(read(...names)).rejects.toThrow(sentence));

test('of what is not in UTF-8, it is said', async () => {
  mkdirSync(join(folder, 'codes'));
  for (const name of ['a', 'b', 'c'])
    writeFileSync(join(folder, `codes/${name}.latin`), 'sch\xf6n\n', 'latin1');
  writeFileSync(join(folder, 'codes/wide.txt'), '\ufeffsch\xf6n\n', 'utf16le');

  const left = 'not in UTF-8: what cannot be read there is learned as �. Convert it first.';
  expect((await read('codes/a.latin')).remarks).toEqual([`${join(folder, 'codes/a.latin')} is ${left}`]);
  expect((await read('codes/*')).remarks).toEqual([
    '3 of 4 files are read; left out: 1 binary.',
    `${join(folder, 'codes/a.latin')} and 2 more are ${left}`,
  ]);
  await expect(read('codes/wide.txt')).rejects.toThrow(/is in UTF-16, and texts are read in UTF-8/);
});

test('a file is read once, however its path is written', async () => {
  const [plain, roundabout] = [join(folder, 'a.log'), `${folder}/deep/../a.log`];
  expect((await readDocuments([plain, roundabout])).files).toEqual([plain]);
  const { files } = await readDocuments([roundabout, join(folder, '[ab].log')]);
  expect(files).toEqual([roundabout, join(folder, 'b.log')]);
});

test('reads secrets where that is said', async () => {
  const { documents } = await readDocuments(
    ['.env', 'deep/key.md'].map((name) => join(folder, name)),
    true,
  );
  expect(documents).toHaveLength(2);
});

test('a long file, and files that are long together, are left to be read in blocks', async () => {
  const names = Array.from({ length: 11 }, (_, n) => `long/${10 + n}.log`);
  mkdirSync(join(folder, 'long'));
  for (const name of names) writeFileSync(join(folder, name), 'x'.repeat(950_000));
  writeFileSync(join(folder, 'long/alone.txt'), 'x'.repeat(10_000_001));
  const inBlocks = (name: string) => ({ path: join(folder, name) });

  expect((await read('long/alone.txt')).documents).toEqual([inBlocks('long/alone.txt')]);
  expect((await read('a.log', 'long/alone.txt')).documents).toEqual(['first\n', inBlocks('long/alone.txt')]);
  const { documents } = await read('book.ipynb', 'long/*.log');
  expect(documents).toEqual(['a\nb\n\nc\n', ...names.map(inBlocks)]);
  expect((await readDocuments([join(folder, 'long/alone.txt')], true)).documents).toEqual([
    { ...inBlocks('long/alone.txt'), withKeys: true },
  ]);
});
