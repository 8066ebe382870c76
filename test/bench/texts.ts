// Texts that are at hand wherever the project is installed, for benchmarks of what depends on a text.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { normalise } from '../../src/data/text/corpus.ts';
import { random } from '../../src/tape/random.ts';

export interface Text {
  readonly name: string;
  readonly text: string;
}

const root = join(import.meta.dirname, '../..');
const read = (path: string) => normalise(readFileSync(join(root, path), 'utf8'));

/** Returns the end of a JavaScript program of almost five million characters. */
export const javaScript = (characters: number): string =>
  read('node_modules/@tensorflow/tfjs/dist/tf.js').slice(-characters);

/** Returns a log of a server, in which the numbers and the order of the lines are drawn. */
export function serverLog(characters: number, seed = 1): string {
  const next = random(seed);
  const below = (bound: number) => Math.floor(next() * bound);
  const two = (number: number) => String(number).padStart(2, '0');
  const address = () => `10.0.${below(4)}.${below(256)}`;
  const user = () => ['admin', 'root', 'guest', 'backup', 'anna'][below(5)];
  const said = [
    () => `INFO session opened for user ${user()} by (uid=${below(7)})`,
    () => `WARN connection closed by ${address()} port ${4000 + below(30_000)}`,
    () => `INFO accepted password for ${user()} from ${address()} port ${4000 + below(30_000)}`,
    () => `WARN failed password for ${user()} from ${address()} port ${4000 + below(30_000)}`,
    () => `INFO request GET /index/${below(900)} took ${below(2000)} ms`,
  ];
  const lines: string[] = [];
  for (let length = 0, minute = 0; length < characters; minute += below(3)) {
    const line = `Jan ${two(1 + (Math.floor(minute / 1440) % 28))} ${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)} ${said[below(5)]()}\n`;
    lines.push(line);
    length += line.length;
  }
  return lines.join('').slice(-characters);
}

/** Returns a table of random numbers, in which there is nothing to learn. */
export function numbers(characters: number, seed = 1): string {
  const next = random(seed);
  const row = () => `${Array.from({ length: 4 }, () => (10 * next()).toFixed(3)).join(',')}\n`;
  return `a,b,c,d\n${Array.from({ length: characters / 24 }, row).join('')}`;
}

/** Returns texts of several kinds and lengths. */
export function ownTexts(): Text[] {
  const readmes = globSync('node_modules/*/README.md', { cwd: root }).toSorted();
  return [
    { name: 'chart.js', text: read('node_modules/chart.js/dist/chart.js') },
    { name: 'server log', text: serverLog(200_000) },
    { name: 'READMEs', text: readmes.map(read).join('\n').slice(0, 230_000) },
    { name: 'vscode.d.ts', text: read('node_modules/@types/vscode/index.d.ts').slice(-400_000) },
    { name: 'random numbers', text: numbers(24_000) },
    { name: 'package-lock.json', text: read('package-lock.json').slice(0, 13_000) },
    { name: 'licence', text: read('LICENSE').slice(0, 1000) },
  ];
}

/** Returns the texts of files. */
export const textsOf = (files: readonly string[]): Text[] =>
  files.map((file) => ({ name: file.split('/').at(-1)!, text: normalise(readFileSync(file, 'utf8')) }));
