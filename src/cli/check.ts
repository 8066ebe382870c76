import { parseArgs } from 'node:util';
import { Problem } from '../protocol/problem.ts';
import { checkGradients, smallNetwork } from '../tape/probing/checkGradients.ts';
import { sayGradientCheck, showGradientCheck } from '../tape/probing/show.ts';
import { expectAtMost } from './arguments.ts';
import { cellArgument } from './cell.ts';
import { jsonLine } from './json.ts';

/** @throws Problem when the gradients are wrong, so that a script that checks a cell fails */
export async function checkCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  expectAtMost(1, positionals);
  const cell = cellArgument(positionals[0]);
  const network = smallNetwork(cell);
  const check = checkGradients(network);
  const { verdict, error, kinks, perParameter } = check;
  const errors = Object.fromEntries([...perParameter].map(([name, each]) => [name, each.error]));
  process.stdout.write(
    values.json
      ? jsonLine({ cell: cell.name, verdict, worst: error, kinks, perParameter: errors })
      : showGradientCheck(cell, network, check),
  );
  if (verdict !== 'right') throw new Problem(sayGradientCheck(cell, check));
}
