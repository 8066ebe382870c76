import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * The rooms whose tests leave nothing behind for the next file. Their files run one after the other in the same worker,
 * because starting one for each file takes longer than most of these files do.
 */
const stateless = ['cells', 'completion', 'data', 'inspection', 'language', 'operations', 'protocol', 'tape'];
const statelessFiles = `test/{${stateless.join()}}/**/*.test.ts`;

export default defineConfig({
  plugins: [
    {
      // As the bundler's text loader does.
      name: 'text',
      load: (id) =>
        /\.(rnn|py)$/.test(id) ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))}` : null,
    },
  ],
  // The extension runs in a window that remembers what it is given to show.
  resolve: { alias: { vscode: join(import.meta.dirname, 'test/host/vscode/index.ts') } },
  test: {
    globalSetup: ['test/kernels/setup.ts', 'test/leftovers.ts'],
    projects: [
      { extends: true, test: { name: 'stateless', include: [statelessFiles], isolate: false } },
      { extends: true, test: { name: 'others', include: ['test/**/*.test.ts'], exclude: [statelessFiles] } },
    ],
    // Vitest leaves one processor idle by default, which is half of a machine with two.
    maxWorkers: '100%',
    // Speed is measured by the benchmarks; a test that waits, waits for what it awaits.
    testTimeout: 0,
    hookTimeout: 0,
    expect: { poll: { timeout: 120_000 } },
  },
});
