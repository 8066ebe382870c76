// npm run bench -- panel [--rounds N] [--json FILE]
//
// Measures what the panel takes: the time of a redraw of 100,000 steps, and the share of a training's speed that drawing costs, each
// as a row of a name, a value and the bound that it has to keep. The exit code is 1 where one falls short.
//
// --rounds 9       trainings with the panel shown, hidden and closed; each takes half a minute
import { parseArgs } from 'node:util';
import { packageExtension } from '../../scripts/package.ts';
import { costOf, measureDrawing } from './panel/drawing.ts';
import { measureRedrawing, steps } from './panel/redrawing.ts';
import { atMost, endWith, printRow } from './rows.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, json: { type: 'string' } },
});
const say = (line: string) => void process.stderr.write(`${line}\n`);

/** The most milliseconds of a redraw, and the most percent of a training's speed that drawing may cost. */
const [mostRedrawing, mostCost] = [50, 3];

const { first, withSteps, withLook } = await measureRedrawing();
say(`The first drawing of ${steps.toLocaleString('en')} steps takes ${first.toFixed(0)} ms.`);
await packageExtension();
const speeds = await measureDrawing(Number(options.rounds), say);
const of = `of ${steps.toLocaleString('en')} steps, ms`;
const rows = [
  atMost(`redraw with new steps, ${of}`, withSteps, mostRedrawing),
  atMost(`redraw with a new look into the network, ${of}`, withLook, mostRedrawing),
  atMost('cost of the panel that is shown, % of the speed', costOf(speeds, 'shown'), mostCost),
  atMost('cost of the panel behind another tab, % of the speed', costOf(speeds, 'hidden'), mostCost),
];
for (const row of rows) printRow(row);
endWith(rows, options.json);
