import { parseArgs } from 'node:util';
import { Problem } from '../protocol/problem.ts';
import { checkGradients, smallNetwork, tolerance } from '../tape/checkGradients.ts';
import { sayGradientCheck, showGradientCheck } from '../tape/show.ts';
import { cellArgument } from './cell.ts';

/** @throws Problem when the gradients are not right: what checks a cell in a script must fail with it. */
export async function checkCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  const cell = cellArgument(positionals[0]);
  const network = smallNetwork(cell);
  const check = checkGradients(network);
  const { worst, perParameter } = check;
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ cell: cell.name, worst, perParameter: Object.fromEntries(perParameter) })}\n`
      : showGradientCheck(cell, network, check),
  );
  if (!(worst <= tolerance)) throw new Problem(sayGradientCheck(cell, check));
}
