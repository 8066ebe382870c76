// npm test [-- unit | editor | e2e | soak | PATTERN] [--repeat COUNT] [--beside]
// Checks types and lint, builds the package, then runs the suites; `soak` only if CI is set. With names of
// suites, it runs those alone; with a pattern, the test files whose path contains it. The last line counts
// all suites together; a step that ends without counts has failed once. With --repeat, all of that is done
// so many times, until it fails; with --beside, while another process uses a processor.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { chromiumPath } from '../test/host/chromium.ts';
import { failedScreens, root, run, say } from '../test/host/tools.ts';
import { packageExtension } from './package.ts';
import { repeat, runInto } from './repeat.ts';

interface Counts {
  passed: number;
  failed: number;
}

interface Suite {
  files: string[];
  /** Installs what several files need, before they run side by side. */
  prepare?(): Promise<unknown>;
  /** Runs `files` and writes the counts to `report` in the shape of Vitest's. */
  run(files: string[], report: string): Promise<void>;
}

const node = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, args, { env: { ...process.env, ...env } });
const find = (pattern: string) => globSync(pattern, { cwd: root }).sort();

const vitest =
  (...config: string[]): Suite['run'] =>
  (files, report) => {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    return node(['node_modules/vitest/vitest.mjs', 'run', ...config, ...reporters, ...files]);
  };

const suites: Record<string, Suite> = {
  unit: { files: find('test/**/*.test.ts'), prepare: chromiumPath, run: vitest() },
  editor: {
    files: find('test/editor/**/*.editor.ts'),
    run: (files, report) =>
      node(['test/editor/run.ts'], {
        UNROLL_TEST_FILES: files.map((file) => relative('test/editor', file)).join(),
        UNROLL_TEST_REPORT: report,
      }),
  },
  e2e: { files: find('test/e2e/*.e2e.ts'), run: vitest('--config', 'test/e2e/vitest.config.ts') },
  // The soak test runs every target for three minutes, with a fresh seed that it prints.
  soak: { files: ['test/soak/main.ts'], run: (files, report) => node([...files, '--report', report]) },
};

const checks: Record<string, () => Promise<void>> = {
  types: () => node(['node_modules/typescript/bin/tsc', '-p', '.']),
  'types of the panel': () => node(['node_modules/typescript/bin/tsc', '-p', 'media']),
  lint: () => node(['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '.']),
};

const total: Counts = { passed: 0, failed: 0 };

/** Returns whether `step` succeeded; a failure counts as one failed test. */
async function succeeds(name: string, step: () => Promise<void>): Promise<boolean> {
  say(`\n— ${name}`);
  try {
    await step();
    return true;
  } catch (error) {
    say(`${name}: ${(error as Error).message}`);
    return false;
  }
}

async function runSuite(name: string, { prepare, run }: Suite, files: string[]): Promise<Counts> {
  const report = join(root, 'out/reports', `${name}.json`);
  mkdirSync(join(report, '..'), { recursive: true });
  rmSync(report, { force: true });
  const well = await succeeds(name, async () => {
    if (patterns.length === 0) await prepare?.();
    await run(files, report);
  });
  try {
    const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that does not load, or a suite that fails outside its tests, counts no failed test itself.
    const uncounted = passed + failed === 0 || (!well && failed === 0);
    return { passed, failed: uncounted ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

const { values, positionals: words } = parseArgs({
  options: { repeat: { type: 'string' }, beside: { type: 'boolean', default: false } },
  allowPositionals: true,
});

if (values.repeat !== undefined || values.beside) {
  const count = Number(values.repeat ?? 1);
  if (!Number.isSafeInteger(count) || count < 1) {
    say('Say how many times the tests are to run: npm test -- e2e --repeat 10');
    process.exit(2);
  }
  const how = { name: 'Run', count, kept: 'repeated', beside: values.beside, stopsAtFailure: true };
  const again = async (log: string) => ({
    code: await runInto(log, process.execPath, [import.meta.filename, ...words]),
    root,
  });
  process.exit((await repeat(how, again)) ? 0 : 1);
}

const soaks = words.length === 0 && !!process.env.CI;
const patterns = words.filter((word) => !(word in suites));
const chosen = Object.entries(suites)
  .filter(([name]) => (words.length === patterns.length ? name !== 'soak' || soaks : words.includes(name)))
  .map(([name, suite]) => ({
    name,
    suite,
    files: suite.files.filter((file) => patterns.every((pattern) => file.includes(pattern))),
  }))
  .filter(({ files }) => patterns.length === 0 || files.length > 0);

rmSync(failedScreens, { force: true });
if (words.length === 0)
  for (const [name, check] of Object.entries(checks)) if (!(await succeeds(name, check))) total.failed++;

if (chosen.length === 0) {
  say(`No test file's path contains ${patterns.join(' and ')}.`);
  total.failed++;
} else if (await succeeds('package', packageExtension)) {
  for (const { name, suite, files } of chosen) {
    const { passed, failed } = await runSuite(name, suite, files);
    total.passed += passed;
    total.failed += failed;
  }
} else {
  total.failed++;
}

// A reader of a long log often sees only its end.
if (existsSync(failedScreens)) say(readFileSync(failedScreens, 'utf8').trimEnd());
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
