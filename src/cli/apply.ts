// `unroll apply`: fills in the column of a table that an acceptor writes, or writes the rows that a forecaster expects.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { nodePlatform } from '../platform/node/platform.ts';
import { Problem } from '../protocol/problem.ts';
import { capabilitiesOf, demand } from '../store/capabilities.ts';
import { reasonOf } from '../store/fileProblem.ts';
import { isFileError } from '../store/files.ts';
import { readManifest } from '../store/modelFolder.ts';
import { numberArgument, readText, wholeArgument } from './arguments.ts';
import { fillTable } from './fillTable.ts';
import { forecastTable } from './forecastTable.ts';

export async function applyCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      steps: { type: 'string' },
      interval: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const [directory, file] = positionals;
  if (directory === undefined || file === undefined || positionals.length > 2)
    throw new Problem('Name the folder of a model and a table, as in `unroll apply MODEL TABLE`.');
  const manifest = readManifest(nodePlatform(__dirname).files, directory);
  const isForecast = [values.steps, values.interval, values.seed].some((each) => each !== undefined);
  if (isForecast) demand(manifest, 'forecast');
  if (capabilitiesOf(manifest).has('forecast')) {
    const steps = wholeArgument('steps', values.steps ?? '10', 1, 100_000);
    const percent = numberArgument('interval', values.interval ?? '80', 1);
    if (percent >= 100) throw new Problem('--interval takes a number below 100.');
    const seed = wholeArgument('seed', values.seed ?? '1', 0, 2 ** 32 - 1);
    write(values.out, await forecastTable(directory, file, { steps, level: percent / 100, seed }));
    return;
  }
  demand(manifest, 'classify');
  const source = readText(file);
  if (!Buffer.from(source).equals(readFileSync(file)))
    throw new Problem(
      `${file} is not UTF-8, so that it could not be written back as it is: convert it first.`,
    );
  write(values.out, await fillTable(directory, file, source));
}

function write(out: string | undefined, text: string): void {
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(resolve(out), text);
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new Problem(`${out} cannot be written: ${reasonOf(error)}.`);
  }
}
