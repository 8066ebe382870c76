import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { nodePlatform } from '../platform/node/platform.ts';
import type { RunStart } from '../protocol/run.ts';
import type { TaskName } from '../protocol/task.ts';
import { usualOfTransducers } from '../tasks/transducer/index.ts';
import { Controls } from '../training/controls.ts';
import { run } from '../worker/run.ts';
import { numberArgument, readText, wholeArgument } from './arguments.ts';
import { readDocuments } from './documents.ts';
import { say } from './say.ts';
import { taskArgument, taskNameOf } from './task.ts';
import { temporaryDirectory } from './temporary.ts';
import { progressLine, resultJson, resultLine, startLine } from './trainingReport.ts';

/** The milliseconds between two lines of progress. */
const interval = 1000;

interface Usual {
  readonly cell: string;
  readonly hidden: string;
  readonly layers: string;
  readonly direction: '' | 'both ';
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The network where no argument says otherwise. A table has few rows, all of which are read to their end. */
const usual: Readonly<Record<TaskName, Usual>> = {
  'language model': { cell: 'GRU', hidden: '128', layers: '2', direction: '', settings: {} },
  acceptor: { cell: 'GRU', hidden: '64', layers: '1', direction: '', settings: { 'model.embedding': 32 } },
  transducer: { cell: 'LSTM', hidden: '128', layers: '1', direction: 'both ', settings: usualOfTransducers },
  forecaster: { cell: 'GRU', hidden: '64', layers: '1', direction: '', settings: { 'model.embedding': 0 } },
};

export async function trainCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seconds: { type: 'string' },
      epochs: { type: 'string' },
      seed: { type: 'string' },
      cell: { type: 'string' },
      hidden: { type: 'string' },
      layers: { type: 'string' },
      tokens: { type: 'string' },
      out: { type: 'string' },
      engine: { type: 'string' },
      threads: { type: 'string' },
      task: { type: 'string' },
      reads: { type: 'string' },
      writes: { type: 'string' },
      'held-out': { type: 'string' },
      secrets: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const task = taskArgument(values);
  const { documents, files, remarks } = await readDocuments(positionals, values.secrets);
  const { cell } = values;
  const definition = cell?.endsWith('.rnn') ? readText(cell) : null;
  const { direction, ...usually } = usual[taskNameOf(task, definition)];
  const hidden = wholeArgument('hidden', values.hidden ?? usually.hidden, 1, 4096);
  const layers = wholeArgument('layers', values.layers ?? usually.layers, 1, 64);
  const name = definition === null && cell !== undefined ? cell : usually.cell;
  const settings: Record<string, unknown> = {
    'model.layers': Array(layers).fill(`${direction}${name} ${hidden}`).join(', '),
    ...usually.settings,
  };
  for (const option of ['seconds', 'epochs', 'seed'] as const)
    if (values[option] !== undefined) settings[`train.${option}`] = numberArgument(option, values[option]);
  if (values.tokens !== undefined) settings['model.tokens'] = values.tokens;
  if (values.engine !== undefined) settings['engine.kind'] = values.engine;
  if (values.threads !== undefined) settings['engine.threads'] = numberArgument('threads', values.threads, 1);
  if (values.epochs !== undefined && values.seconds === undefined) settings['train.seconds'] = null;

  const controls = new Controls();
  process.once('SIGINT', () => controls.send({ type: 'stop' }));
  const directory = resolve(values.out ?? temporaryDirectory());
  const source = positionals.join(' ');
  let shown = 0;
  let start: RunStart | null = null;
  const result = await run(
    {
      documents,
      source,
      title: source,
      uri: files.length === 1 ? pathToFileURL(resolve(files[0])).href : null,
      pattern: null,
      sourceCharacters: documents.reduce((sum, { length }) => sum + length, 0),
      remarks,
      languageId: 'plaintext',
      directory,
      settings,
      definition,
      cell: null,
      ...(task && { task }),
    },
    nodePlatform(__dirname),
    controls,
    {
      started: (started) => {
        start = started;
        for (const remark of [...(started.fallback ? [started.fallback] : []), ...started.remarks])
          say(remark);
        say(startLine(started));
      },
      progress: (progress, points) => {
        for (const { text: note } of points.notes) say(note);
        const since = progress.seconds * 1000 - shown;
        if (points.validations.length === 0 && since < interval) return;
        shown = progress.seconds * 1000;
        say(progressLine(start!, progress, points));
      },
      paused: () => {},
      resumed: () => {},
      saved: () => {},
      ended: () => controls.close(),
    },
  );
  process.stdout.write(
    values.json
      ? `${JSON.stringify(resultJson(start!, result, directory))}\n`
      : `${resultLine(start!, result)}\nThe model is in ${directory}\n`,
  );
}
