// The processes of this machine, for the leases of trainings.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Processes } from '../../store/files.ts';

let machine: string | null = null;

export const nodeProcesses: Processes = {
  get machine() {
    machine ??= [hostname(), bootId(), processNamespace()].filter((part) => part !== '').join(' ');
    return machine;
  },

  own: process.pid,

  exists: (id) => {
    try {
      process.kill(id, 0);
      return true;
    } catch (error) {
      // A process of another user exists, and may not be signalled.
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
};

/** After a reboot, the ids of processes are given again. */
const bootId = () => readOrNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());

/** Containers and sandboxes may have the name of their host, and ids of processes of their own. */
const processNamespace = () => readOrNothing(() => readlinkSync('/proc/self/ns/pid'));

function readOrNothing(read: () => string): string {
  try {
    return read();
  } catch {
    // Only Linux has these files.
    return '';
  }
}
