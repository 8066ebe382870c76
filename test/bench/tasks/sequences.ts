// Rows of 5 to 60 tokens for a bidirectional LSTM of 128 units, which this extension's engine and PyTorch train on,
// each as an acceptor and as a tagger. PyTorch reads packed sequences, which have no padding either.
import { fileURLToPath } from 'node:url';
import { Contender, pytorchThreads } from '../contenders.ts';
import { pythonWithTorch } from '../exchange/python.ts';
import { atLeast, atMost, type Row } from '../rows.ts';
import { median } from '../statistics.ts';

const rounds = 7;
const milliseconds = 1500;
const threads = 2;

const tasks = ['acceptor', 'tagger'] as const;

/** Measures how fast rows of different lengths are learned, and what their padding costs. */
export async function sequenceSpeed(): Promise<Row[]> {
  const python = pythonWithTorch((line) => process.stdout.write(`${line}\n`));
  if (python === undefined) throw new Error('There is no PyTorch to compare with: install python3-torch.');
  const rows: Row[] = [];
  for (const task of tasks) {
    const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
    const own = (rowsOf: string) => () =>
      new Contender(rowsOf, threads, [
        process.execPath,
        file('sequenceContender.ts'),
        task,
        rowsOf,
        `${threads}`,
      ]);
    const pytorch = () =>
      new Contender('pytorch', threads, [python, file('packedSequences.py'), task], pytorchThreads(threads));
    // The engine times its kernels when it starts, and therefore starts alone.
    const all: Contender[] = [];
    for (const start of [own('different'), own('whole'), pytorch]) {
      const contender = start();
      all.push(contender);
      await contender.ready();
    }
    for (let round = 0; round < rounds; round++) for (const each of all) await each.round(milliseconds);
    for (const each of all) each.stop();
    const [ours, unpadded, theirs] = all.map((each) =>
      median(each.rounds.map(({ tokensPerSecond }) => tokensPerSecond)),
    );
    rows.push(
      atLeast(`bidirectional LSTM 128, ${task}: tokens a second over PyTorch's`, ours / theirs, 1.1),
      atMost(`bidirectional LSTM 128, ${task}: share of the time for padding`, 1 - ours / unpadded, 0.25),
    );
  }
  return rows;
}
