// Writes a log of any length from a seed.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../../src/tape/random.ts';

const levels = ['INFO', 'INFO', 'INFO', 'DEBUG', 'WARN', 'ERROR'];
const acts = ['opened', 'closed', 'read', 'wrote', 'sent', 'refused', 'retried', 'dropped'];

/** The number of different lines, apart from their times. */
const kinds = 10_000;

/** Yields blocks of whole lines, each with about as many characters as are asked for, without an end. */
function* logBlocks(characters: number, seed: number): Generator<string> {
  const next = random(seed);
  const below = (count: number) => Math.floor(next() * count);
  const one = (of: readonly string[]) => of[below(of.length)];
  const lines = Array.from(
    { length: kinds },
    () =>
      ` ${one(levels)} worker-${below(8)} user${below(200)} ${one(acts)} session ${below(100_000)} in ${below(900)} ms\n`,
  );
  for (let time = 1_700_000_000_000; ; ) {
    const parts: string[] = [];
    for (let left = characters; left > 0; left -= parts.at(-1)!.length) {
      time += below(3000);
      parts.push(`${time}${one(lines)}`);
    }
    yield parts.join('');
  }
}

/** Writes a log as a file. @returns its path */
export function writeLog(path: string, characters: number, seed: number): string {
  const file = openSync(path, 'w');
  try {
    let left = characters;
    for (const block of logBlocks(Math.min(characters, 1e6), seed)) {
      left -= writeSync(file, block.slice(0, left));
      if (left === 0) return path;
    }
  } finally {
    closeSync(file);
  }
  throw new Error('A log has no end.');
}

/** Writes a log as files in a new folder. @returns their paths, in the order of the log */
export function writeLogs(folder: string, files: number, characters: number, seed: number): string[] {
  mkdirSync(folder);
  const paths: string[] = [];
  for (const block of logBlocks(characters, seed)) {
    const path = join(folder, `${String(paths.length).padStart(8, '0')}.log`);
    writeFileSync(path, block);
    if (paths.push(path) === files) return paths;
  }
  throw new Error('A log has no end.');
}
