// The contenders of a trained acceptor in language identification: its members by themselves, and Debian's fastText.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodePlatform } from '../../../src/platform/node/platform.ts';
import { readModel, readText } from '../../../src/store/modelFolder.ts';
import { countTable } from '../../../src/tasks/acceptor/classEnsemble.ts';
import { openAcceptor } from '../../../src/tasks/acceptor/open.ts';
import { startEngine } from '../../../src/worker/engines.ts';
import type { Sentence } from './languages.ts';

/** Returns the accuracy of the network of a model, and of its n-grams, on sentences. */
export async function membersOn(
  model: string,
  sentences: readonly Sentence[],
): Promise<{ readonly network: number; readonly ngrams: number }> {
  const platform = nodePlatform(join(import.meta.dirname, '../../../out'));
  const { manifest, ...stored } = readModel(platform.files, model);
  const table = manifest.table!;
  const { engine } = await startEngine(platform, { kind: 'auto', threads: 1 });
  const acceptor = openAcceptor(engine, { ...stored, classes: table.classes });
  const found = acceptor.classify(sentences.map(({ text }) => text));
  acceptor.dispose();
  const source = readText(platform.files, model, manifest);
  const counts = countTable(source, table, { withHeldOut: manifest.learnedHeldOut ?? false });
  const byNgrams = sentences.map(({ text }) => {
    const likelihoods = counts.likelihoods(text);
    return table.classes[likelihoods.indexOf(Math.max(...likelihoods))];
  });
  const share = (named: readonly (string | undefined)[]) =>
    sentences.filter(({ language }, row) => named[row] === language).length / sentences.length;
  return { network: share(found.map((each) => each?.label)), ngrams: share(byNgrams) };
}

/** Trains fastText with character n-grams. @returns its accuracy on each of the tests; null where it is not installed */
export function fastTextOn(
  folder: string,
  train: readonly Sentence[],
  tests: readonly (readonly Sentence[])[],
): number[] | null {
  const write = (name: string, sentences: readonly Sentence[]) => {
    const path = join(folder, name);
    const lines = sentences.map(
      ({ text, language }) => `__label__${language} ${text.replace(/\s+/g, ' ')}\n`,
    );
    writeFileSync(path, lines.join(''));
    return path;
  };
  const model = join(folder, 'fasttext');
  const how = '-minn 1 -maxn 5 -epoch 50 -lr 0.5 -dim 16 -thread 1'.split(' ');
  const trained = spawnSync('fasttext', [
    ...['supervised', '-input', write('fasttext-train.txt', train)],
    ...['-output', model, ...how],
  ]);
  if (trained.error) return null;
  return tests.map((test, index) => {
    const file = write(`fasttext-test-${index}.txt`, test);
    const { stdout } = spawnSync('fasttext', ['test', `${model}.bin`, file], { encoding: 'utf8' });
    const [, accuracy] = /^P@1\s+([\d.]+)/m.exec(stdout) ?? [];
    if (accuracy === undefined) throw new Error(`fasttext says nothing of an accuracy: ${stdout}`);
    return Number(accuracy);
  });
}
