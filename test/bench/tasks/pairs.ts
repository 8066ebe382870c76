// Pairs of short texts for an encoder-decoder with additive attention, which this extension's engine and PyTorch train on.
import { fileURLToPath } from 'node:url';
import { Contender, pytorchThreads } from '../contenders.ts';
import { pythonWithTorch } from '../exchange/python.ts';
import { atLeast, type Row } from '../rows.ts';
import { median } from '../statistics.ts';

const rounds = 7;
const milliseconds = 1500;
const threads = [1, 2];

/** Measures how fast pairs are learned, each contender with the number of threads that is best for it. */
export async function pairSpeed(): Promise<Row[]> {
  const python = pythonWithTorch((line) => process.stdout.write(`${line}\n`));
  if (python === undefined) throw new Error('There is no PyTorch to compare with: install python3-torch.');
  const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const starts = threads.flatMap((count) => [
    () => new Contender('unroll', count, [process.execPath, file('pairContender.ts'), `${count}`]),
    () => new Contender('pytorch', count, [python, file('attention.py')], pytorchThreads(count)),
  ]);
  // The engine times its kernels when it starts, and therefore starts alone.
  const all: Contender[] = [];
  for (const start of starts) {
    const contender = start();
    all.push(contender);
    await contender.ready();
  }
  for (let round = 0; round < rounds; round++) for (const each of all) await each.round(milliseconds);
  for (const each of all) each.stop();
  const best = (name: string) =>
    Math.max(
      ...all
        .filter(({ engine }) => engine === name)
        .map((each) => median(each.rounds.map(({ tokensPerSecond }) => tokensPerSecond))),
    );
  const [ours, theirs] = ['unroll', 'pytorch'].map(best);
  const thousands = (rate: number) => (rate / 1000).toFixed(1);
  return [
    atLeast(
      `encoder-decoder, GRU 64 both ways, additive attention 128: tokens a second over PyTorch’s (${thousands(ours)} and ${thousands(theirs)} thousand)`,
      ours / theirs,
      1.1,
    ),
  ];
}
