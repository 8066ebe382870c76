/** The file operations of the store. The parts of a path are separated by '/'. */
export interface Files {
  /**
   * A name that no other program or thread has that may write into the same folder at the same time. It
   * consists of letters, digits, dots and dashes.
   */
  readonly writer: string;
  readonly processes: Processes;
  /** Returns the status of a path, not following a link; null where nothing is there. @throws FileError */
  stat(path: string): FileStat | null;
  /** Returns the names in a folder. @throws FileError, with `ENOENT` where there is none */
  list(directory: string): string[];
  /**
   * Returns the bytes of a regular file.
   * @param most the largest number of bytes
   * @throws FileError, with `ENOENT` where there is none, `ELOOP` for a link, `EISDIR` or `EINVAL` for what
   * is no file and `EFBIG` where it has more than `most`
   */
  read(path: string, most: number): Uint8Array;
  /**
   * Opens a regular file, or the one that a link leads to, for reading by position.
   * @throws FileError, with `ENOENT` where there is none, `EISDIR` or `EINVAL` for what is no file
   */
  open(path: string): OpenFile;
  /**
   * Makes a file that loses its name at once, and is gone when it is closed or its process ends. Only where the system
   * does not allow that, it has its name until it is closed.
   * @throws FileError
   */
  makeTemporary(path: string): TemporaryFile;
  /** Makes a file or replaces its contents. @throws FileError */
  write(path: string, parts: readonly Uint8Array[]): void;
  /** Makes the contents of a file, or the names in a folder, outlast a loss of power. @throws FileError */
  sync(path: string): void;
  /** Renames a file and replaces the one at `to`. @throws FileError */
  rename(from: string, to: string): void;
  /** Removes a file; it need not exist. @throws FileError */
  remove(path: string): void;
  /** Makes a folder with those above it; it may exist already. @throws FileError */
  makeDirectory(path: string): void;
  /** Removes an empty folder. @throws FileError */
  removeDirectory(path: string): void;
  /**
   * Returns the SHA-256 of the parts in succession, as 64 hexadecimal digits. It is here because every
   * platform has a fast one.
   */
  digest(parts: readonly Uint8Array[]): string;
}

/** The processes that may write into the same folder. */
export interface Processes {
  /** Names the machine since its last start, or the part of it, within which ids of processes are unambiguous. */
  readonly machine: string;
  /** The id of this process. */
  readonly own: number;
  /** Returns whether a process of this machine exists. */
  exists(id: number): boolean;
}

/** A file that is read in parts. */
export interface OpenFile {
  /** The size in bytes when it was opened. */
  readonly size: number;
  /** Reads bytes from a position on. @returns their number, which is smaller at the end alone. @throws FileError */
  read(into: Uint8Array, position: number): number;
  close(): void;
}

/** A file that is gone when it is closed. */
export interface TemporaryFile extends Pick<OpenFile, 'read' | 'close'> {
  /** Writes bytes at the end. @throws FileError */
  append(bytes: Uint8Array): void;
}

/** The kind and size of what has a name. */
export interface FileStat {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** The size in bytes. */
  readonly size: number;
}

/** The error of a file operation. `code` is the POSIX name of the error, as in Node's own errors. */
export interface FileError extends Error {
  readonly code: string;
}

/** Returns whether an error is one of the file system, and no bug. */
export function isFileError(error: unknown): error is FileError {
  // Codes that begin with `ERR_` are of Node's own errors, not of the system.
  return error instanceof Error && 'code' in error && /^E(?!RR_)[A-Z0-9]+$/.test(String(error.code));
}
