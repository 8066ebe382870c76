// node tether.ts FOLDER PROGRAM ARGUMENTS…
// Runs PROGRAM for as long as standard input is open, then ends it with all its children and removes FOLDER.
// The system closes that pipe however the process at its other end goes, so nothing outlives a crash or a Ctrl+C.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const [folder, program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

function endGroup(): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // No process is left in the group.
  }
}

child.on('exit', (code) => {
  endGroup();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  process.exit(code ?? 1);
});
process.stdin.on('close', endGroup).resume();
