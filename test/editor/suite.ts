// The extension host runs every *.editor.ts below this folder, or those listed in UNROLL_TEST_FILES, in Mocha.
// The counts go to UNROLL_TEST_REPORT, in the shape of Vitest's report.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ending = '.editor.ts';

/** Returns the paths of the test files from this folder on, without their ending. */
function testNames(): string[] {
  const named = process.env.UNROLL_TEST_FILES?.split(',');
  const folder = join(__dirname, '../../test/editor');
  return (named ?? readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    .filter((file) => file.endsWith(ending))
    .map((file) => file.replaceAll('\\', '/').slice(0, -ending.length));
}

export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', timeout: 0, color: true });
  mocha.suite.emit('pre-require', globalThis, null, mocha);
  // The bundler turns this into a table of all files that fit the pattern.
  for (const name of testNames()) await import(`./${name}.editor.ts`);

  const { promise, resolve } = Promise.withResolvers<number>();
  const runner = mocha.run(resolve);
  await promise;
  const { passes, failures } = runner.stats!;
  const report = process.env.UNROLL_TEST_REPORT;
  if (report) writeFileSync(report, JSON.stringify({ numPassedTests: passes, numFailedTests: failures }));
  if (failures > 0) throw new Error(`${failures} failed.`);
}
