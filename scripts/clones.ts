// npm run clones -- [COUNT]
// Clones the committed state into temporary folders, one after the other, and runs `npm test` in each as a
// user would after cloning, while another process keeps a processor busy. Prints how many passed; keeps the
// logs of those that failed, with screenshots of the failures.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run, say } from '../test/host/tools.ts';

const count = Number(process.argv[2] ?? 10);
if (!Number.isSafeInteger(count) || count < 1) {
  say('Say how many clones are to be tested: npm run clones -- 10');
  process.exit(2);
}

const kept = join(root, 'out/clones');
rmSync(kept, { recursive: true, force: true });
mkdirSync(kept, { recursive: true });

const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
busy.unref();
process.on('exit', () => busy.kill());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

/** @returns whether all tests passed */
async function test(number: number): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-clone-'));
  const clone = join(folder, 'clone');
  const log = join(kept, `${number}.log`);
  const began = performance.now();
  try {
    await run('git', ['clone', '--quiet', root, clone]);
    const code = await npmTest(clone, log);
    const last = readFileSync(log, 'utf8').trimEnd().split('\n').at(-1);
    const minutes = ((performance.now() - began) / 60_000).toFixed(1);
    process.stdout.write(`Clone ${number}: ${code === 0 ? 'green' : 'red'} after ${minutes} min: ${last}\n`);
    const pictures = join(clone, 'out/screenshots');
    if (code === 0) rmSync(log);
    else if (existsSync(pictures)) cpSync(pictures, join(kept, `${number}-screenshots`), { recursive: true });
    return code === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function npmTest(cwd: string, log: string): Promise<number | null> {
  const output = openSync(log, 'w');
  const child = spawn('npm', ['test'], { cwd, stdio: ['ignore', output, output] });
  const end = () => child.kill();
  process.once('exit', end);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', end);
      resolve(code);
    });
  });
}

let green = 0;
for (let number = 1; number <= count; number++) if (await test(number)) green++;
process.stdout.write(`${green} of ${count} clones were green${green < count ? `; see ${kept}` : ''}\n`);
process.exitCode = green < count ? 1 : 0;
