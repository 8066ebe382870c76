// What a user sees: the packaged extension in a whole VS Code, one at a time. The time limit is not about speed:
// a window in which nothing happens any more would otherwise be waited for without end.
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const hung = 5 * 60_000;

export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ['**/*.e2e.ts'],
    setupFiles: [join(import.meta.dirname, 'failures.ts')],
    // What a failed file looked like is said before the file ends its window.
    sequence: { hooks: 'list' },
    fileParallelism: false,
    testTimeout: hung,
    // A poll waits for what a user waits for.
    expect: { poll: { timeout: 120_000 } },
    hookTimeout: hung,
  },
});
