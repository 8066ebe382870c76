// Explains an error of a file operation, and suggests a way out.
import type { FileError } from './files.ts';

/** The end of a sentence about each error code, followed by a way out. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space on it',
  EDQUOT: 'your share of the disk is used up. Free some of it',
  EFBIG: 'the file is larger than the disk allows. Another disk may allow it',
  EROFS: 'the disk can only be read. Make it writable, or take another one',
  EACCES: 'you may not do that there. Change the permissions of the folder',
  EPERM: 'you may not do that there. Change the permissions of the folder',
  ENOENT: 'the folder is not there any more. Connect its disk again, or make it anew',
  ENODEV: 'the disk is not there any more. Connect it again',
  ENXIO: 'the disk is not there any more. Connect it again',
  ENOTDIR: 'a part of the path is a file. Take another path',
  EEXIST: 'a file stands where the folder should be. Take another path',
  EISDIR: 'a folder stands where the file should be. Move it away',
  ELOOP: 'a link stands there, which is not followed. Put what it leads to in its place',
  ENAMETOOLONG: 'the path is too long. Take a shorter one',
  EIO: 'the disk reports a fault. Check it, or take another one',
  EMFILE: 'too many files are open. Close some programs',
  ENFILE: 'too many files are open. Close some programs',
  EBUSY: 'another program uses the file. Close it',
};

/** Returns a reason such as `the disk is full. Free some space on it`, without a full stop. */
export const reasonOf = ({ code, message }: FileError): string =>
  reasons[code] ?? `the system says ${code} (${message}). Try again, or take another folder`;
