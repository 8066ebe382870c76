// Bundles the suite of this folder and runs it inside VS Code, on the extension as it was built last.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { chooseEditor } from '../host/editor.ts';
import { root, say } from '../host/tools.ts';

const suite = join(root, 'out/test/suite.cjs');
await build({
  entryPoints: [join(import.meta.dirname, 'suite.ts')],
  outfile: suite,
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  sourcemap: 'inline',
  external: ['vscode', 'mocha'],
  loader: { '.rnn': 'text' },
});

const folder = mkdtempSync(join(tmpdir(), 'unroll-folder-'));
try {
  await runTests({
    vscodeExecutablePath: await chooseEditor(),
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    launchArgs: [folder],
  });
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
