// Trains a run that kills its own process at an operation on files. Its argument is a ChildTask.
import { writeSync } from 'node:fs';
import { nodeFiles } from '../../../../src/platform/node/files.ts';
import { observed } from '../../../store/memoryFiles.ts';
import { tinyRun } from '../store/tinyRun.ts';

export interface ChildTask {
  readonly assets: string;
  readonly directory: string;
  /** The cell to train; null goes on with the run in the folder. */
  readonly cell: string | null;
  /**
   * The operation before which the process is killed, from 1 on; half of a write is done. null never kills
   * it.
   */
  readonly operation: number | null;
}

const { assets, directory, cell, operation }: ChildTask = JSON.parse(process.argv[2]);
let count = 0;
const files = observed(nodeFiles, (kind, path, parts) => {
  if (++count !== operation) return;
  if (kind === 'write') {
    const bytes = Buffer.concat(parts);
    nodeFiles.write(path, [bytes.subarray(0, bytes.length / 2)]);
  }
  process.kill(process.pid, 'SIGKILL');
  // The signal comes at once, but only after the call has returned.
  for (;;);
});
// The process that started this one counts what has been written when the signal comes.
const say = (what: string) => void writeSync(1, what);
say('b');
await tinyRun(files, directory, cell, { assets, saved: () => say('s') });
say('e');
