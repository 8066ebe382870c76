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
      return !hasEnded(readOrNothing(() => readFileSync(`/proc/${id}/stat`, 'utf8')));
    } catch (error) {
      // A process of another user exists, and may not be signalled.
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
};

/** The flag of a process that ends and runs no code of its own any more, `PF_EXITING` of Linux's `sched.h`. */
const exiting = 0x4;

/**
 * Returns whether a process ends or has ended. Its files are closed some time before it is no process any more, above all where
 * its priority is low. In a container whose first process does not care for orphans, the trainer of a window that was killed
 * stays a process that has ended, and of which nobody has taken note (a zombie).
 * @param stat what `/proc/PID/stat` says (proc(5)); empty where there is none
 */
export function hasEnded(stat: string): boolean {
  const [, state, flags] = /^\d+ \(.*\) (\S)(?: -?\d+){5} (\d+) /s.exec(stat) ?? [];
  return state === 'Z' || state === 'X' || (Number(flags) & exiting) !== 0;
}

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
