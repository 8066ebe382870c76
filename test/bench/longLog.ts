// Writes a log of any length from a seed.
import { closeSync, openSync, writeSync } from 'node:fs';
import { random } from '../../src/tape/random.ts';

const acts = ['opened', 'closed', 'read', 'wrote', 'sent', 'refused', 'retried', 'dropped'];
const levels = ['INFO', 'INFO', 'INFO', 'DEBUG', 'WARN', 'ERROR'];

/** Yields lines of a log, about a million characters at a time, until there are as many as are asked for. */
export function* logBlocks(characters: number, seed: number): Generator<string> {
  const next = random(seed);
  const below = (count: number) => Math.floor(next() * count);
  let time = Date.UTC(2026, 0, 1);
  for (let left = characters; left > 0; ) {
    let block = '';
    while (block.length < Math.min(left, 1e6)) {
      time += below(3000);
      const user = `user${below(200)}`;
      const act = acts[below(acts.length)];
      block += `${new Date(time).toISOString()} ${levels[below(levels.length)]} worker-${below(8)} ${user} ${act} session ${below(100_000)} in ${below(900)} ms\n`;
    }
    block = block.slice(0, left);
    yield block;
    left -= block.length;
  }
}

export function writeLog(path: string, characters: number, seed: number): void {
  const file = openSync(path, 'w');
  try {
    for (const block of logBlocks(characters, seed)) writeSync(file, block);
  } finally {
    closeSync(file);
  }
}
