import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zpaqBits } from '../../../src/cli/evaluate/zpaq.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-zpaq-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Returns a command that does this with an archive `$2` and a file `$3`. */
function command(name: string, script: string): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('the bits of the end are those of the whole less those of the rest', () => {
  const copying = command('copying', '(echo head; cat "$3") > "$2"');
  expect(zpaqBits('before', 'the end', copying)).toBe(8);
  expect(zpaqBits('before', 'ü', copying)).toBe(16);
  expect(zpaqBits('before', '👍', copying)).toBe(32);
  const halving = command('halving', 'head -c $(($(wc -c < "$3") / 2)) "$3" > "$2"');
  expect(zpaqBits('even', 'ends', halving)).toBe(4);
});

test('there are none without the command, or where it fails', () => {
  expect(zpaqBits('a', 'b', join(directory, 'none'))).toBeNull();
  expect(zpaqBits('a', 'b', command('failing', 'exit 2'))).toBeNull();
});
