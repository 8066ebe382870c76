// The lease by which a training holds a model's folder: a small file that it renews while it lasts. A lease lapses, since a
// training that is killed cannot give it back.
import * as v from 'valibot';
import { Problem } from '../protocol/problem.ts';
import { type Files, isFileError, type Processes } from './files.ts';
import { leaseName } from './names.ts';

/** The milliseconds after which a training renews its lease. */
export const renewalInterval = 5000;

/**
 * The milliseconds after which a lease that was not renewed has lapsed. A training renews nothing during one long update, or
 * while it looks for byte pairs in a long text.
 */
const term = 60_000;

/** The most bytes of a lease. */
export const mostLeaseBytes = 10_000;

const leaseSchema = v.object({
  /** The id of the process that trains. */
  process: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  machine: v.string(),
  /** The time of the last renewal in milliseconds since 1970, by the clock of that machine. */
  time: v.pipe(v.number(), v.finite()),
});

type LeaseFile = v.InferOutput<typeof leaseSchema>;

/** Parses the file of a lease. @returns null where it is none */
export function parseLease(text: string): LeaseFile | null {
  try {
    const parsed = v.safeParse(leaseSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/**
 * Returns whether another process holds a lease. Whether it exists can be asked on its own machine alone; the time counts
 * everywhere, since a process that has the same id may be another one. A time in the future is that of a clock that was wrong
 * and has been put right.
 * @param now the milliseconds since 1970
 */
export function isHeldByAnother(lease: LeaseFile | null, processes: Processes, now: number): boolean {
  if (!lease || Math.abs(now - lease.time) > term) return false;
  if (lease.machine !== processes.machine) return true;
  return lease.process !== processes.own && processes.exists(lease.process);
}

function readLease(files: Files, directory: string): LeaseFile | null {
  try {
    return parseLease(new TextDecoder().decode(files.read(`${directory}/${leaseName}`, mostLeaseBytes)));
  } catch (error) {
    if (!isFileError(error)) throw error;
    return null;
  }
}

/** @throws Problem when another training holds the folder */
export function refuseHeld(files: Files, directory: string, now = Date.now()): void {
  if (isHeldByAnother(readLease(files, directory), files.processes, now))
    throw new Problem(
      `The model in ${directory} is being trained at the moment, in another window or on the command line. Wait for the end of that training, or stop it there; another folder can be written at once.`,
    );
}

/** The lease of one training. Where it cannot be written, as on a full disk, the training goes on without. */
export class Lease {
  readonly #files: Files;
  readonly #directory: string;
  #isHeld = false;
  #madeFolder = false;

  constructor(files: Files, directory: string) {
    this.#files = files;
    this.#directory = directory;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** @throws Problem when another training holds the folder */
  acquire(now = Date.now()): void {
    if (this.#isHeld) return;
    refuseHeld(this.#files, this.#directory, now);
    this.#isHeld = true;
    this.#attempt(() => {
      const isNew = this.#files.stat(this.#directory) === null;
      this.#files.makeDirectory(this.#directory);
      this.#madeFolder ||= isNew;
    });
    this.renew(now);
  }

  /** Renews the lease if it is held, and if no other training has the folder after a time in which this one stood still. */
  renew(now = Date.now()): void {
    const files = this.#files;
    if (!this.#isHeld || isHeldByAnother(readLease(files, this.#directory), files.processes, now)) return;
    const { own, machine } = files.processes;
    const lease: LeaseFile = { process: own, machine, time: now };
    const path = `${this.#directory}/${leaseName}`;
    const temporary = `${path}.${files.writer}.tmp`;
    const isWritten = this.#attempt(() => {
      files.write(temporary, [new TextEncoder().encode(`${JSON.stringify(lease)}\n`)]);
      files.rename(temporary, path);
    });
    if (!isWritten) this.#attempt(() => files.remove(temporary));
  }

  /** Gives the lease back, and removes the folder where it was made for the lease and nothing else is in it. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    const { own, machine } = this.#files.processes;
    const lease = readLease(this.#files, this.#directory);
    if (lease?.process === own && lease.machine === machine)
      this.#attempt(() => this.#files.remove(`${this.#directory}/${leaseName}`));
    if (this.#madeFolder) this.#attempt(() => this.#files.removeDirectory(this.#directory));
  }

  #attempt(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      if (!isFileError(error)) throw error;
      return false;
    }
  }
}
