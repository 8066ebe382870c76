// npm run bench -- exchange [--json FILE] [--only CELL|tasks|TASK|CASE]…
//
// Holds the exchange of models with other programs to its claims. Every claim is a row with a bound, and the
// command fails where one falls short. What cannot be tried on this machine is said.
import { parseArgs } from 'node:util';
import { onnxRows } from './exchange/onnx.ts';
import { onnxTaskRows } from './exchange/onnxTasks.ts';
import { pytorchRows } from './exchange/pytorch.ts';
import { pytorchTaskRows } from './exchange/pytorchTasks.ts';
import type { RowMaker } from './exchange/rowMaker.ts';
import { torchOnnxRows } from './exchange/torchOnnx.ts';
import { endWith, printRow, type Row } from './rows.ts';

const makers: readonly RowMaker[] = [onnxRows, onnxTaskRows, torchOnnxRows, pytorchRows, pytorchTaskRows];

const { values: options } = parseArgs({
  options: { json: { type: 'string' }, only: { type: 'string', multiple: true } },
});
const say = (line: string) => void process.stdout.write(`${line}\n`);
const rows: Row[] = [];
for (const maker of makers)
  for await (const row of maker({ say, only: options.only ?? null })) {
    rows.push(row);
    printRow(row);
  }
endWith(rows, options.json);
