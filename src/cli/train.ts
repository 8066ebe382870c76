import { parseArgs } from 'node:util';
import { readCells } from '../language/check.ts';
import { layersText } from '../language/layers.ts';
import { nodePlatform } from '../platform/node/platform.ts';
import { Problem } from '../protocol/problem.ts';
import type { RunStart } from '../protocol/run.ts';
import { usual } from '../tasks/usual.ts';
import { taskNameOf } from '../training/configuration.ts';
import { Controls } from '../training/controls.ts';
import { run } from '../worker/run.ts';
import { numberArgument, readText, wholeArgument } from './arguments.ts';
import { addressOf, readDocuments } from './documents.ts';
import { jsonLine } from './json.ts';
import { outArgument } from './out.ts';
import { say } from './say.ts';
import { taskArgument } from './task.ts';
import { inModelDirectory } from './temporary.ts';
import { progressLine, resultJson, resultLine, startLine } from './trainingReport.ts';

/** The milliseconds between two lines of progress. */
const interval = 1000;

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
  const out = outArgument(values.out);
  const task = await taskArgument(values);
  const { documents, files, remarks } = await readDocuments(positionals, values.secrets);
  const { cell } = values;
  const definition = cell?.endsWith('.rnn') ? readText(cell) : null;
  const { layer, layers } = usual[taskNameOf(task, definition)];
  const own = definition === null ? undefined : readCells(definition).model.layers;
  if (own && (values.hidden ?? values.layers) !== undefined)
    throw new Problem(
      `${cell} says \`layers = ${layersText(own)}\`: change that, or leave out --hidden and --layers.`,
    );
  const settings: Record<string, unknown> = {};
  const builtin = definition === null ? (cell ?? null) : null;
  if ([cell, values.hidden, values.layers].some((each) => each !== undefined))
    settings['model.layers'] = layersText(
      Array(wholeArgument('layers', values.layers ?? `${layers}`, 1, 64)).fill({
        ...layer,
        // An explicit number of layers is kept, so that a cell that has to be the only layer is refused.
        ...(builtin !== null && values.layers !== undefined && { cell: builtin }),
        hidden: wholeArgument('hidden', values.hidden ?? `${layer.hidden}`, 1, 4096),
      }),
    );
  const options: Record<string, unknown> = {};
  for (const option of ['seconds', 'epochs', 'seed'] as const)
    if (values[option] !== undefined) options[`train.${option}`] = numberArgument(option, values[option]);
  if (values.tokens !== undefined) options['model.tokens'] = values.tokens;
  if (values.engine !== undefined) settings['engine.kind'] = values.engine;
  if (values.threads !== undefined) settings['engine.threads'] = numberArgument('threads', values.threads, 1);
  if (values.epochs !== undefined && values.seconds === undefined) options['train.seconds'] = null;

  const controls = new Controls();
  // Schedulers and `timeout` end a program by SIGTERM. A second signal ends it at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => controls.send({ type: 'stop' }));
  const source = positionals.join(' ');
  let shown = 0;
  let start: RunStart | null = null;
  const train = (directory: string) =>
    run(
      {
        documents,
        source,
        title: source,
        uri: addressOf(files),
        pattern: null,
        remarks,
        languageId: 'plaintext',
        directory,
        settings,
        options,
        definition,
        cell: values.layers === undefined ? builtin : null,
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
  const { result, directory } = await inModelDirectory(out, async (directory) => ({
    result: await train(directory),
    directory,
  }));
  process.stdout.write(
    values.json
      ? jsonLine(resultJson(start!, result, directory))
      : `${resultLine(start!, result)}\nThe model is in ${directory}\n`,
  );
}
