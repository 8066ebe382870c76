/** What the store does to files. Paths are parted by '/'. */
export interface Files {
  /**
   * A name that no other program or thread has that may write into the same folder at the same time; letters, digits,
   * dots and dashes.
   */
  readonly writer: string;
  /** What is there itself, also where it is a link; null where nothing is. @throws FileError */
  stat(path: string): FileStat | null;
  /** Names in a folder. @throws FileError, with `ENOENT` where there is none */
  list(directory: string): string[];
  /**
   * The bytes of a regular file.
   * @param most bytes
   * @throws FileError, with `ENOENT` where there is none, `ELOOP` for a link, `EISDIR` or `EINVAL` for what is no file
   * and `EFBIG` where it has more than `most`
   */
  read(path: string, most: number): Uint8Array;
  /** Makes a file or replaces its contents. @throws FileError */
  write(path: string, parts: readonly Uint8Array[]): void;
  /** What has been written to a file, or renamed in a folder, outlasts a loss of power. @throws FileError */
  sync(path: string): void;
  /** Replaces what is at `to`. @throws FileError */
  rename(from: string, to: string): void;
  /** A file; also where there is none. @throws FileError */
  remove(path: string): void;
  /** With the folders above it; also where there is one. @throws FileError */
  makeDirectory(path: string): void;
  /** An empty one. @throws FileError */
  removeDirectory(path: string): void;
  /** SHA-256 of the parts one after the other, as 64 hexadecimal digits. Every platform brings a fast one. */
  digest(parts: readonly Uint8Array[]): string;
}

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Bytes. */
  readonly size: number;
}

/** An operation on files has failed. `code` is the POSIX name of the error, as Node's own errors have it. */
export interface FileError extends Error {
  readonly code: string;
}

export function isFileError(error: unknown): error is FileError {
  // The errors of Node's own functions that are not of the system begin with `ERR_`.
  return error instanceof Error && 'code' in error && /^E(?!RR_)[A-Z0-9]+$/.test(String(error.code));
}
