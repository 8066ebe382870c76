// Compares which files `.gitignore` files leave out with what Git itself says.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { GitIgnore } from '../../../src/editor/runs/gitIgnore.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

const folder = temporaryFolder('ignore');

const files: Readonly<Record<string, string>> = {
  '.gitignore': '# made\n*.log\n!kept.log\n/out\nlogs/*\n!logs/of/\nbuild/\n\\#odd\n**/deep/*.tmp\n',
  'src/.gitignore': '!seen.log\n*.tmp\ngone/\n',
  'src/inner/.gitignore': '!a.tmp\n',
  'src/gone/.gitignore': '!*\n',
};
const names = [
  ...['a.txt', 'a.log', 'kept.log', 'out/a.txt', 'src/out/a.txt', 'logs/a.txt', 'logs/of/a.txt'],
  ...['src/seen.log', 'src/other.log', 'src/a.tmp', 'src/inner/a.tmp', 'src/inner/b.tmp', 'a.tmp'],
  ...['src/gone/a.txt', 'src/build/a.txt', 'build', '#odd', 'x/deep/a.tmp', 'deep/b.tmp', 'ünïcode/ä.log'],
];

test('the same files as Git leaves out', async () => {
  for (const [name, text] of [...Object.entries(files), ...names.map((each) => [each, ''])]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  const listed = execFileSync('git', ['ls-files', '-z', '--others', '--exclude-standard'], { cwd: folder });
  const taken = new Set(listed.toString().split('\0'));
  const gitIgnore = new GitIgnore((path) => readFile(join(folder, path), 'utf8').catch(() => null));
  const ignored = await Promise.all(names.map(async (name) => [name, await gitIgnore.ignores(name)]));
  expect(Object.fromEntries(ignored)).toEqual(
    Object.fromEntries(names.map((name) => [name, !taken.has(name)])),
  );
});
