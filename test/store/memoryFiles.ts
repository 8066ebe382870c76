// Holds files in memory, and makes files that fail or crash at a given operation.
import { createHash } from 'node:crypto';
import type { Files, OpenFile, Processes, TemporaryFile } from '../../src/store/files.ts';

/** A file's contents, or the kind of an entry that is no regular file. */
export type Entry = Uint8Array | 'directory' | 'link' | 'other';

const fileError = (code: string, path: string) => Object.assign(new Error(`${code}: ${path}`), { code });

const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/'));

export class MemoryFiles implements Files {
  readonly writer: string;
  readonly processes: Processes;
  readonly entries: Map<string, Entry>;

  constructor(entries: Iterable<readonly [string, Entry]> = [], writer = '1.0') {
    this.entries = new Map(entries);
    this.writer = writer;
    // All writers but one are taken for processes that exist no more.
    this.processes = { machine: 'memory', own: Number.parseInt(writer, 10), exists: () => false };
  }

  stat(path: string) {
    const entry = this.entries.get(path);
    if (entry === undefined) return null;
    return typeof entry === 'string'
      ? { kind: entry, size: 0 }
      : ({ kind: 'file', size: entry.length } as const);
  }

  list(directory: string): string[] {
    if (this.entries.get(directory) !== 'directory') throw fileError('ENOENT', directory);
    return [...this.entries.keys()]
      .filter((path) => parentOf(path) === directory)
      .map((path) => path.slice(directory.length + 1));
  }

  read(path: string, most: number): Uint8Array {
    const entry = this.entries.get(path);
    if (entry === undefined) throw fileError('ENOENT', path);
    if (typeof entry === 'string')
      throw fileError({ directory: 'EISDIR', link: 'ELOOP', other: 'EINVAL' }[entry], path);
    if (entry.length > most) throw fileError('EFBIG', path);
    return entry.slice();
  }

  open(path: string): OpenFile {
    const entry = this.entries.get(path);
    if (entry === undefined) throw fileError('ENOENT', path);
    if (entry === 'directory') throw fileError('EISDIR', path);
    if (typeof entry === 'string') throw fileError('EINVAL', path);
    // Another writer may change the contents while the file is open.
    const contents = () => {
      const now = this.entries.get(path);
      return now instanceof Uint8Array ? now : entry;
    };
    return { size: entry.length, read: (into, position) => copy(contents(), into, position), close() {} };
  }

  makeTemporary(path: string): TemporaryFile {
    if (this.entries.get(parentOf(path)) !== 'directory') throw fileError('ENOENT', path);
    let contents = new Uint8Array();
    return {
      append: (bytes) => {
        contents = new Uint8Array(Buffer.concat([contents, bytes]));
      },
      read: (into, position) => copy(contents, into, position),
      close() {},
    };
  }

  write(path: string, parts: readonly Uint8Array[]): void {
    if (this.entries.get(parentOf(path)) !== 'directory') throw fileError('ENOENT', path);
    if (this.entries.get(path) === 'directory') throw fileError('EISDIR', path);
    this.entries.set(path, new Uint8Array(Buffer.concat(parts)));
  }

  sync(path: string): void {
    if (!this.entries.has(path)) throw fileError('ENOENT', path);
  }

  rename(from: string, to: string): void {
    const entry = this.entries.get(from);
    if (entry === undefined) throw fileError('ENOENT', from);
    if (this.entries.get(to) === 'directory') throw fileError('EISDIR', to);
    this.entries.delete(from);
    this.entries.set(to, entry);
  }

  remove(path: string): void {
    if (this.entries.get(path) === 'directory') throw fileError('EISDIR', path);
    this.entries.delete(path);
  }

  makeDirectory(path: string): void {
    const entry = this.entries.get(path);
    if (entry !== undefined && entry !== 'directory') throw fileError('EEXIST', path);
    this.entries.set(path, 'directory');
  }

  removeDirectory(path: string): void {
    if (this.list(path).length > 0) throw fileError('ENOTEMPTY', path);
    this.entries.delete(path);
  }

  digest(parts: readonly Uint8Array[]): string {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest('hex');
  }
}

function copy(from: Uint8Array, into: Uint8Array, position: number): number {
  const part = from.subarray(position, position + into.length);
  into.set(part);
  return part.length;
}

/** The operations on files that a run performs one after the other, also those on open files. */
export type Operation = Exclude<keyof Files, 'writer' | 'processes' | 'digest'> | 'append' | 'readAt';

/**
 * @param before is called before every operation, and may throw, or do half of a write
 * @returns the same files
 */
export function observed(
  files: Files,
  before: (operation: Operation, path: string, parts: readonly Uint8Array[]) => void,
): Files {
  const told =
    <Rest extends readonly unknown[], T>(
      operation: Operation,
      perform: (path: string, ...rest: Rest) => T,
    ): ((path: string, ...rest: Rest) => T) =>
    (path, ...rest) => {
      before(operation, path, operation === 'write' ? (rest[0] as readonly Uint8Array[]) : []);
      return perform(path, ...rest);
    };
  const toldOf = <File extends OpenFile | TemporaryFile>(path: string, file: File): File => {
    const read = told('readAt', (_, into: Uint8Array, position: number) => file.read(into, position));
    return { ...file, read: (into: Uint8Array, position: number) => read(path, into, position) };
  };
  return {
    writer: files.writer,
    processes: files.processes,
    digest: (parts) => files.digest(parts),
    open: told('open', (path) => toldOf(path, files.open(path))),
    makeTemporary: told('makeTemporary', (path) => {
      const file = toldOf(path, files.makeTemporary(path));
      const append = told('append', (_, bytes: Uint8Array) => file.append(bytes));
      return { ...file, append: (bytes) => append(path, bytes) };
    }),
    stat: told('stat', (path) => files.stat(path)),
    list: told('list', (path) => files.list(path)),
    read: told('read', (path, most: number) => files.read(path, most)),
    write: told('write', (path, parts: readonly Uint8Array[]) => files.write(path, parts)),
    sync: told('sync', (path) => files.sync(path)),
    rename: told('rename', (path, to: string) => files.rename(path, to)),
    remove: told('remove', (path) => files.remove(path)),
    makeDirectory: told('makeDirectory', (path) => files.makeDirectory(path)),
    removeDirectory: told('removeDirectory', (path) => files.removeDirectory(path)),
  };
}
