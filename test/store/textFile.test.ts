import { expect, test } from 'vitest';
import type { TrainingDocument } from '../../src/protocol/trainer.ts';
import { makeScratch } from '../../src/store/scratch.ts';
import { blockedDocuments, lastDocuments, wholeDocuments } from '../../src/store/textFile.ts';
import { MemoryFiles, observed } from './memoryFiles.ts';

const encode = (text: string) => new TextEncoder().encode(text);

const filesWith = (contents: Readonly<Record<string, string>>) =>
  new MemoryFiles([
    ['/models', 'directory'],
    ...Object.entries(contents).map(([path, text]) => [path, encode(text)] as const),
  ]);

const read = (files: MemoryFiles, document: TrainingDocument) =>
  [...blockedDocuments(files, [document])[0].read()].join('');

/** A text of which a block ends in the middle of a character. */
const prose = `\uFEFFa${'é😀\r\n'.repeat(20_000)}`;

const key = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n`;

test('a file is decoded as a whole, wherever its blocks end', () => {
  const files = filesWith({ '/a.txt': prose });
  expect(read(files, { path: '/a.txt' })).toBe(prose);
  expect(wholeDocuments(files, ['b', { path: '/a.txt' }])).toEqual(['b', prose]);
});

test('what is added to a file between two readings is left out', () => {
  const files = filesWith({ '/a.log': prose });
  const [document] = blockedDocuments(files, [{ path: '/a.log' }]);
  expect([...document.read()].join('')).toBe(prose);
  files.entries.set('/a.log', encode(`${prose}more\n`));
  expect([...document.read()].join('')).toBe(prose);
});

test('a file that has become shorter or is gone between two readings is refused', () => {
  const files = filesWith({ '/a.log': prose });
  const [document] = blockedDocuments(files, [{ path: '/a.log' }]);
  expect([...document.read()].join('')).toBe(prose);
  files.entries.set('/a.log', encode(prose.slice(9)));
  expect(() => [...document.read()]).toThrow(
    '/a.log has become shorter while it was read: train on it again.',
  );
  files.entries.delete('/a.log');
  expect(() => [...document.read()]).toThrow('There is no file /a.log that can be read.');
});

test('a folder in place of a file is refused', () => {
  const files = filesWith({});
  expect(() => read(files, { path: '/models' })).toThrow('/models is no file.');
});

test.each([0, 32_700, 32_768 - 30, 65_000])(
  'a private key after %i characters is found, whatever blocks it is in',
  (at) => {
    const files = filesWith({ '/a.txt': `${'x'.repeat(at)}${key}${prose}` });
    expect(() => read(files, { path: '/a.txt' })).toThrow(
      '/a.txt holds a private key: nothing is trained on it.',
    );
    expect(read(files, { path: '/a.txt', withKeys: true })).toContain(key);
  },
);

test('the last documents are the end of the text, of a file the end alone', () => {
  const files = filesWith({ '/a.txt': prose });
  const end = lastDocuments(files, ['first', { path: '/a.txt' }, 'last'], 14);
  expect(end).toEqual([prose.slice(-10), 'last']);
  expect(lastDocuments(files, ['first', 'last'], 4)).toEqual(['last']);
  expect(lastDocuments(files, ['first', { path: '/a.txt' }], 500_000)).toEqual(['first', prose]);
});

test('tokens come back from a scratch file, and a folder that was made for it is removed with it', () => {
  const files = filesWith({});
  const scratch = makeScratch(files, '/models/one');
  scratch.append(Uint8Array.of(1, 2, 3));
  const read = new Uint8Array(2);
  scratch.read(read, 1);
  expect(read).toEqual(Uint8Array.of(2, 3));
  expect(() => scratch.read(read, 2)).toThrow('have become fewer');
  scratch.close();
  expect(files.entries.has('/models/one')).toBe(false);
});

test('a full disk is a sentence, and so is one that can no longer be read', () => {
  let failing = '';
  const files = observed(filesWith({}), (operation) => {
    const code = operation === 'append' ? 'ENOSPC' : 'EIO';
    if (operation === failing) throw Object.assign(new Error(code), { code });
  });
  const scratch = makeScratch(files, '/models/one');
  failing = 'append';
  expect(() => scratch.append(Uint8Array.of(1))).toThrow(
    'The tokens of the text cannot be kept in /models/one: the disk is full. Free some space on it.',
  );
  failing = 'readAt';
  expect(() => scratch.read(new Uint8Array(1), 0)).toThrow(
    'The tokens of the text cannot be read again from /models/one: the disk reports a fault.',
  );
  failing = 'makeTemporary';
  expect(() => makeScratch(files, '/models/two')).toThrow(
    'cannot be kept in /models/two: the disk reports a fault',
  );
});
