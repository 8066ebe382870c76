// npm run bench -- zoo [FILE] [--seconds N] [--epochs N] [--updates-alone | --time-alone] [--only CELL]… [--json FILE]
//
// Trains a language model of every built-in cell on one text, each in the same time and then with the same number of
// updates, and prints their validation losses as a table, the best first. The text is Chart.js's source unless a file is
// named. All networks have the usual widths and options and the same seed. There are no bounds: the table says what it
// says.
//
// --seconds 15     the time of each training
// --epochs 1       the passes of each training with the same number of updates
// --updates-alone  leaves the trainings in the same time out, which say something on a quiet machine alone
// --time-alone     leaves those with the same number of updates out
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cellFamilies } from '../../src/cells/index.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '15' },
    epochs: { type: 'string', default: '1' },
    'updates-alone': { type: 'boolean', default: false },
    'time-alone': { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    json: { type: 'string' },
  },
});
const root = fileURLToPath(new URL('../../', import.meta.url));
const text = positionals[0] ?? join(root, 'node_modules/chart.js/dist/chart.js');

interface Trained {
  /** In bits per character of held-out text. */
  readonly loss: number;
  readonly updates: number;
  readonly tokensPerSecond: number;
  readonly parameters: number;
}

/** Returns null where the training fails: with the usual options some cells keep diverging. */
function train(cell: string, ...budget: readonly string[]): Trained | null {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-zoo-'));
  try {
    const how = ['--cell', cell, '--tokens', 'characters', '--seed', '1', ...budget];
    const output = execFileSync(
      process.execPath,
      [join(root, 'out/cli.cjs'), 'train', text, ...how, '--out', join(folder, 'model'), '--json'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 30 },
    );
    const said = JSON.parse(output.trimEnd().split('\n').at(-1)!);
    return {
      loss: said.metric.value,
      updates: said.steps,
      tokensPerSecond: said.tokensPerSecond,
      parameters: said.parameters,
    };
  } catch (error) {
    const said = `${(error as { stderr?: string }).stderr ?? ''}`.trimEnd().split('\n').at(-1);
    process.stderr.write(`${cell} failed: ${said || (error as Error).message}\n`);
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// A decoder reads an encoder, which a language model has none of, and the Babylonian method learns nothing.
const absent = new Set(['decoders', 'without parameters']);
const cells = Object.entries(cellFamilies)
  .flatMap(([family, all]) => (absent.has(family) ? [] : all))
  .filter(({ name }) => values.only?.includes(name) ?? true);
/** Stands for a value of a training that was left out or failed. */
const none = '–';

interface Compared {
  readonly name: string;
  readonly year: number;
  readonly inTime: Trained | null;
  readonly inUpdates: Trained | null;
}
const rows: Compared[] = [];
for (const { name, year } of cells) {
  const inTime = values['updates-alone'] ? null : train(name, '--seconds', values.seconds);
  const inUpdates = values['time-alone'] ? null : train(name, '--epochs', values.epochs);
  rows.push({ name, year, inTime, inUpdates });
  process.stderr.write(
    `${name}: ${[inTime, inUpdates].map((each) => each?.loss.toFixed(3) ?? none).join(', ')}\n`,
  );
}
const either = ({ inTime, inUpdates }: Compared): Trained | null => inTime ?? inUpdates;
const lossOf = (row: Compared): number => either(row)?.loss ?? Number.POSITIVE_INFINITY;
rows.sort((a, b) => lossOf(a) - lossOf(b));

const thousands = (count: number | undefined): string =>
  count === undefined ? none : `${Math.round(count / 1000)}`;
type Column = readonly [heading: string, value: (row: Compared) => string];
const columns: readonly Column[] = [
  ['cell', ({ name, year }) => `${name} (${year})`],
  ...(values['updates-alone']
    ? []
    : ([
        [`bits per character in ${values.seconds} s`, ({ inTime }) => inTime?.loss.toFixed(3) ?? none],
        ['updates', ({ inTime }) => `${inTime?.updates ?? none}`],
        ['thousand tokens/s', ({ inTime }) => thousands(inTime?.tokensPerSecond)],
      ] satisfies Column[])),
  ...(values['time-alone']
    ? []
    : ([
        [
          `bits per character in ${values.epochs} pass`,
          ({ inUpdates }) => inUpdates?.loss.toFixed(3) ?? none,
        ],
        ['updates', ({ inUpdates }) => `${inUpdates?.updates ?? none}`],
      ] satisfies Column[])),
  ['thousand parameters', (row) => thousands(either(row)?.parameters)],
];
const table = [
  columns.map(([heading]) => heading),
  ...rows.map((row) => columns.map(([, value]) => value(row))),
].map((cells) => `| ${cells.join(' | ')} |`);
const [header, ...lines] = table;
process.stdout.write([header, header.replaceAll(/[^|]+/g, '---'), ...lines, ''].join('\n'));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
