// A web page loads a trained model and generates text, with none of our code but what was exported.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../host/tools.ts';
import { ExportedPage } from './exportedPage.ts';

const unroll = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(root, 'out/cli.cjs'), ...args]);

test('the exported page writes text', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-web-'));
  const [text, model, web] = ['log.txt', 'model', 'web'].map((name) => join(folder, name));
  writeFileSync(text, 'one two three four five six seven eight nine ten\n'.repeat(60));
  await unroll('train', text, '--epochs', '60', '--hidden', '24', '--layers', '1', '--out', model);
  await unroll('export', model, '--out', web);
  const likeliest = ['--prompt', 'one two ', '--length', '30', '--temperature', '0'];
  const { stdout } = await unroll('sample', model, ...likeliest);

  try {
    await using page = await ExportedPage.open(web);
    expect((await page.write('one two ', 60)).slice(0, 38)).toBe(`one two ${stdout.slice(0, 30)}`);
    expect(page.failures).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
