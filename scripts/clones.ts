// npm run clones -- [COUNT] [--beside]
// Clones the committed state into temporary folders, one after the other, and runs `npm test` in each as a
// user would after cloning; with --beside, while another process uses a processor. Prints how many passed;
// keeps the logs of those that failed, with pictures of the failures.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, run, say } from '../test/host/tools.ts';
import { repeat, runInto, type Tested } from './repeat.ts';

const { values, positionals } = parseArgs({
  options: { beside: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const count = Number(positionals[0] ?? 10);
if (!Number.isSafeInteger(count) || count < 1) {
  say('Say how many clones are to be tested: npm run clones -- 10');
  process.exit(2);
}

async function test(log: string): Promise<Tested> {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-clone-'));
  const end = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', end);
  const clone = join(folder, 'clone');
  await run('git', ['clone', '--quiet', root, clone]);
  return { code: await runInto(log, 'npm', ['test'], clone), root: clone, end };
}

const how = { name: 'Clone', count, kept: 'clones', beside: values.beside, stopsAtFailure: false };
process.exitCode = (await repeat(how, test)) ? 0 : 1;
