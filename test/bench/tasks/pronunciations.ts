// Graphemes to phonemes: the words of the CMU Pronouncing Dictionary that are written in a to z, with their first
// pronunciation and without stress. They are in the package `cmu-pronouncing-dictionary` (ISC), which `npm pack` fetches
// into the ignored folder `out/bench`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hash } from '../../../src/data/table/hash.ts';

const release = 'cmu-pronouncing-dictionary@3.0.0';

/** One character for each phoneme, in the order in which they are met. */
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

export interface Pronunciation {
  readonly word: string;
  /** The phonemes, one character each. */
  readonly phonemes: string;
}

/** Returns the words in three parts by their hash: 90 %, 5 % and 5 %. */
export async function pronunciations(
  folder: string,
): Promise<{ train: Pronunciation[]; validation: Pronunciation[]; test: Pronunciation[] }> {
  mkdirSync(join(folder, 'cmu'), { recursive: true });
  const source = join(folder, 'cmu', 'package', 'index.js');
  if (!existsSync(source)) {
    const cwd = join(folder, 'cmu');
    const packed = execFileSync('npm', ['pack', release, '--silent'], { cwd, encoding: 'utf8' });
    execFileSync('tar', ['xf', packed.trim()], { cwd });
  }
  const { dictionary } = (await import(pathToFileURL(source).href)) as {
    readonly dictionary: Readonly<Record<string, string>>;
  };
  const known = new Map<string, string>();
  const letterOf = (phoneme: string): string => {
    if (!known.has(phoneme)) known.set(phoneme, letters[known.size]);
    return known.get(phoneme)!;
  };
  const parts = {
    train: [] as Pronunciation[],
    validation: [] as Pronunciation[],
    test: [] as Pronunciation[],
  };
  for (const [word, spoken] of Object.entries(dictionary)) {
    if (!/^[a-z]+$/.test(word)) continue;
    const phonemes = spoken.replace(/\d/g, '').split(' ').map(letterOf).join('');
    const share = hash(word) % 20;
    (share === 0 ? parts.test : share === 1 ? parts.validation : parts.train).push({ word, phonemes });
  }
  return parts;
}
