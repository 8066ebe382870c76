// Files on disk as the documents of a training.
import type { BlockedDocument } from '../data/text/blocks/normalisedBlocks.ts';
import { Problem } from '../protocol/problem.ts';
import { holdsPrivateKey } from '../protocol/secrets.ts';
import type { FileDocument, TrainingDocument } from '../protocol/trainer.ts';
import { reasonOf } from './fileProblem.ts';
import { type Files, isFileError, type OpenFile } from './files.ts';

/** The number of bytes that are read at a time. */
const blockBytes = 2 ** 15;

/** The length within which a private key shows that it is one. */
const keyLength = 1024;

/** The most bytes of a file that is read as one text: V8 has no string of more than half a gigabyte. */
const mostBytes = 500_000_000;

/** Returns the documents of a training, to be read in blocks. */
export const blockedDocuments = (files: Files, documents: readonly TrainingDocument[]): BlockedDocument[] =>
  documents.map((document) =>
    typeof document === 'string' ? { read: () => [document], text: document } : new TextFile(files, document),
  );

/** Returns the documents of a training as whole texts. @throws Problem when one cannot be read, or is too long */
export function wholeDocuments(files: Files, documents: readonly TrainingDocument[]): string[] {
  return documents.map((document) => {
    if (typeof document === 'string') return document;
    const size = sizeOf(files, document.path);
    if (size > mostBytes)
      throw new Problem(
        `${document.path} has ${megabytes(size)}, and at most ${megabytes(mostBytes)} can be read at once: take a part of it.`,
      );
    return [...new TextFile(files, document).read()].join('');
  });
}

/** The most characters of a file's end that are returned with the last documents. */
const mostOfEnd = 1_000_000;

/**
 * Returns the last documents of a training that have a number of characters together, of a file at most its last million.
 * @throws Problem when one cannot be read
 */
export function lastDocuments(
  files: Files,
  documents: readonly TrainingDocument[],
  characters: number,
): string[] {
  const read: string[] = [];
  for (let left = characters, at = documents.length - 1; at >= 0 && left > 0; at--) {
    const document = documents[at];
    const text =
      typeof document === 'string' ? document : new TextFile(files, document).end(Math.min(left, mostOfEnd));
    read.unshift(text);
    left -= text.length;
  }
  return read;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;

/** A file in UTF-8. What is added at its end while it is read is left out. */
class TextFile implements BlockedDocument {
  readonly #files: Files;
  readonly #document: FileDocument;
  /** The number of bytes that are read, which is the size when the file was first opened. */
  #size: number | null = null;

  constructor(files: Files, document: FileDocument) {
    this.#files = files;
    this.#document = document;
  }

  /** @throws Problem when the file cannot be read, has become shorter, or holds a private key */
  *read(): Generator<string> {
    const { path } = this.#document;
    const file = opened(this.#files, path);
    try {
      this.#size ??= file.size;
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      const block = new Uint8Array(blockBytes);
      let before = '';
      for (let from = 0; from < this.#size; from += blockBytes) {
        const bytes = block.subarray(0, this.#size - from);
        if (readAt(file, bytes, from, path) < bytes.length)
          throw new Problem(`${path} has become shorter while it was read: train on it again.`);
        const text = decoder.decode(bytes, { stream: true });
        this.#check(before + text);
        before = text.slice(-keyLength);
        yield text;
      }
      yield decoder.decode();
    } finally {
      file.close();
    }
  }

  /** Returns the last characters of the file. @throws Problem as `read` does */
  end(characters: number): string {
    const { path } = this.#document;
    const file = opened(this.#files, path);
    try {
      // A character has at most four bytes.
      const bytes = new Uint8Array(Math.min(file.size, 4 * characters));
      const length = readAt(file, bytes, file.size - bytes.length, path);
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, length));
      this.#check(text);
      return text.slice(-characters);
    } finally {
      file.close();
    }
  }

  #check(text: string): void {
    const { path, withKeys } = this.#document;
    if (!withKeys && holdsPrivateKey(text))
      throw new Problem(
        `${path} holds a private key: nothing is trained on it. Take the key out of the file, or train on another one.`,
      );
  }
}

function sizeOf(files: Files, path: string): number {
  const file = opened(files, path);
  file.close();
  return file.size;
}

function opened(files: Files, path: string): OpenFile {
  return attempt(path, () => files.open(path));
}

function readAt(file: OpenFile, into: Uint8Array, from: number, path: string): number {
  return attempt(path, () => file.read(into, from));
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!isFileError(error)) throw error;
    switch (error.code) {
      case 'ENOENT':
      case 'ENOTDIR':
        throw new Problem(
          `There is no file ${path} that can be read. Put it there again, or train on another one.`,
        );
      case 'EISDIR':
      case 'EINVAL':
        throw new Problem(`${path} is no file. Train on another one.`);
      default:
        throw new Problem(`${path} cannot be read: ${reasonOf(error)}.`);
    }
  }
}
