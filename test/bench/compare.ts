// npm run bench -- compare BEFORE.json AFTER.json
//
// Compares two files that `npm run bench -- [KIND] --json FILE` wrote, and says which figures moved by more than the noise
// of their rounds: those of which the intervals of the medians (95 %) do not meet. Tokens per second of processor time are
// compared, which depend less on what else the machine does, and the rows that have rounds. The exit code is 1 where the
// tokens per second fell.
import { readFileSync } from 'node:fs';
import type { Machine } from './machine.ts';
import type { Row } from './rows.ts';
import type { Result } from './speed.ts';
import { median, movement } from './statistics.ts';

interface Measured {
  readonly machine: Machine;
  readonly rows: readonly Row[];
  readonly results: readonly Result[];
}

const [, , ...files] = process.argv;
if (files.length !== 2) {
  process.stderr.write('Name two files: npm run bench -- compare BEFORE.json AFTER.json\n');
  process.exit(2);
}
const [before, after] = files.map(read);
const say = (line: string) => process.stdout.write(`${line}\n`);

function read(file: string): Measured {
  try {
    const measured = JSON.parse(readFileSync(file, 'utf8')) as Measured;
    if (measured.machine && measured.results) return measured;
  } catch {
    // The sentence below says it.
  }
  process.stderr.write(`${file} was not written by npm run bench -- --json FILE.\n`);
  process.exit(2);
}

for (const [fact, value] of Object.entries(before.machine)) {
  const now = after.machine[fact as keyof Machine];
  if (now !== value) say(`The machines differ: ${fact} ${value}, then ${now}.`);
}

const keyOf = ({ cell, layers, hidden, engine, threads }: Result) =>
  `${cell}-${layers}-${hidden}  ${engine}, ${threads} thread${threads > 1 ? 's' : ''}`;
const earlier = new Map(before.results.map((result) => [keyOf(result), result.tokensPerCpuSecond]));
let fell = 0;
for (const result of after.results) {
  const key = keyOf(result);
  const [was, is] = [earlier.get(key), result.tokensPerCpuSecond];
  if (!was) continue;
  const moved = movement(was, is);
  if (moved === 'fell') fell++;
  say(`${moved.padEnd(5)} ${key.padEnd(44)} ${(median(is) / median(was)).toFixed(3)}`);
}

const rowsBefore = new Map(before.rows.map((row) => [row.name, row]));
for (const { name, value, holds, rounds } of after.rows) {
  const was = rowsBefore.get(name);
  if (was?.rounds && rounds)
    say(
      `${movement(was.rounds, rounds).padEnd(5)} ${name}: ${was.value.toFixed(3)}, then ${value.toFixed(3)}`,
    );
  if (was && was.holds !== holds)
    say(
      `${holds ? 'holds now' : 'falls short now'}: ${name}: ${was.value.toFixed(3)}, then ${value.toFixed(3)}`,
    );
}
if (fell > 0) process.exitCode = 1;
