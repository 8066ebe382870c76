// These tests drive the packaged extension in a whole VS Code, as a user would. The time limit
// is not about speed: a window in which nothing happens any more would otherwise be waited for without end.
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const hung = 5 * 60_000;

export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ['**/*.e2e.ts'],
    globalSetup: [join(import.meta.dirname, 'setup.ts')],
    setupFiles: [join(import.meta.dirname, 'failures.ts')],
    // Hooks run in order, so that a failed file's screen is shown before the file closes its window.
    sequence: { hooks: 'list' },
    // A window waits as often as it computes, so that two at a time keep two processors busy.
    maxWorkers: 2,
    testTimeout: hung,
    // A poll waits for things that a user waits for.
    expect: { poll: { timeout: 120_000 } },
    hookTimeout: hung,
  },
});
