import { parseArgs } from 'node:util';
import { showTrace } from '../tape/probing/show.ts';
import { tellingUnits, trace } from '../tape/probing/trace.ts';
import { expectAtMost, wholeArgument } from './arguments.ts';
import { cellArgument } from './cell.ts';
import { jsonLine } from './json.ts';

export async function traceCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      symbols: { type: 'string', default: 'aaaaaa' },
      hidden: { type: 'string' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  expectAtMost(1, positionals);
  const cell = cellArgument(positionals[0]);
  const { symbols } = values;
  const traced = trace(cell, {
    symbols,
    hidden:
      values.hidden === undefined ? tellingUnits(cell) : wholeArgument('hidden', values.hidden, 1, 4096),
    seed: wholeArgument('seed', values.seed, 0, 4294967295),
  });
  process.stdout.write(
    values.json ? jsonLine({ cell: cell.name, symbols, ...traced }) : showTrace(cell, symbols, traced),
  );
}
