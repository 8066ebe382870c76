// What a user sees: the packaged extension in a whole VS Code, one at a time. No time limit: training takes as
// long as it takes, and every step of the user's has its own (see Workbench).
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ['**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 0,
    // A poll waits for what a user waits for.
    expect: { poll: { timeout: 120_000 } },
    hookTimeout: 0,
  },
});
