import { createHash } from 'node:crypto';
import type { BlockReading } from '../../../../src/data/text/blocks/longText.ts';
import type { BlockedDocument } from '../../../../src/data/text/blocks/normalisedBlocks.ts';
import type { Scratch } from '../../../../src/data/text/blocks/storedTokens.ts';

/** Returns a scratch file in memory. */
export function memoryScratch(): Scratch {
  let bytes = new Uint8Array();
  return {
    append: (more) => {
      bytes = new Uint8Array(Buffer.concat([bytes, more]));
    },
    read: (into, position) => {
      if (position + into.length > bytes.length) throw new RangeError('There are no such bytes.');
      into.set(bytes.subarray(position, position + into.length));
    },
    close: () => {
      bytes = new Uint8Array();
    },
  };
}

/** Returns how texts or documents are read without any files. */
export const readingOf = (...documents: readonly (string | BlockedDocument)[]): BlockReading => ({
  documents: documents.map((document) =>
    typeof document === 'string' ? { read: () => [document] } : document,
  ),
  digest(parts) {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest('hex');
  },
  scratch: memoryScratch,
  breathe: async () => {},
  check() {},
});
