import { parseArgs } from 'node:util';
import { readCells } from '../../language/check.ts';
import { layersText } from '../../language/options/layers.ts';
import { nodePlatform } from '../../platform/node/platform.ts';
import { Problem } from '../../protocol/problem.ts';
import type { RunPoints, RunProgress, RunStart } from '../../protocol/run.ts';
import type { TaskName } from '../../protocol/task.ts';
import { usual } from '../../tasks/usual.ts';
import { taskNameOf } from '../../training/configuration.ts';
import { Controls } from '../../training/controls.ts';
import { engineKinds, mostThreads } from '../../worker/engines.ts';
import { run } from '../../worker/run.ts';
import type { RunListener } from '../../worker/runRecorder.ts';
import { numberArgument, readText, wholeArgument } from '../arguments.ts';
import { addressOf, readDocuments } from '../documents.ts';
import { jsonLine } from '../json.ts';
import { outArgument } from '../out.ts';
import { say } from '../say.ts';
import { inModelDirectory } from '../temporary.ts';
import { taskArgument } from './task.ts';
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
  const { cell } = values;
  const definition = cell?.endsWith('.rnn') ? readText(cell) : null;
  const task = await taskArgument(values, definition);
  const { documents, files, remarks } = await readDocuments(positionals, values.secrets);
  const builtin = definition === null ? (cell ?? null) : null;
  const { settings, options } = requestedOptions(values, taskNameOf(task, definition), definition);
  const controls = new Controls();
  // Schedulers and `timeout` end a program by SIGTERM. A second signal ends it at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => controls.send({ type: 'stop' }));
  const source = positionals.join(' ');
  const reporter = new TrainingReporter(controls);
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
      reporter,
    );
  const { result, directory } = await inModelDirectory(out, async (directory) => ({
    result: await train(directory),
    directory,
  }));
  process.stdout.write(
    values.json
      ? jsonLine(resultJson(reporter.start!, result, directory))
      : `${resultLine(reporter.start!, result)}\nThe model is in ${directory}\n`,
  );
}

/** The arguments of the command line that choose options of a run. */
type OptionArguments = Readonly<
  Partial<
    Record<
      'cell' | 'hidden' | 'layers' | 'seconds' | 'epochs' | 'seed' | 'tokens' | 'engine' | 'threads',
      string | undefined
    >
  >
>;

/**
 * Returns the options of a run by their names: settings, over which a `.rnn` file takes
 * precedence, and options, which take precedence over the file.
 * @param definition the text of the `.rnn` file that `cell` names; null where it names a built-in cell, or none
 * @throws Problem when an argument is no value of its option, or the file says the layers too
 */
function requestedOptions(
  values: OptionArguments,
  task: TaskName,
  definition: string | null,
): { settings: Record<string, unknown>; options: Record<string, unknown> } {
  const { cell } = values;
  const { layer, layers } = usual[task];
  const own = definition === null ? undefined : readCells(definition).model.layers;
  if (own && (values.hidden ?? values.layers) !== undefined)
    throw new Problem(
      `${cell} says \`layers = ${layersText(own)}\`: change that, or leave out --hidden and --layers.`,
    );
  const builtin = definition === null ? cell : undefined;
  const settings: Record<string, unknown> = {};
  if ([cell, values.hidden, values.layers].some((each) => each !== undefined))
    settings['model.layers'] = layersText(
      Array(wholeArgument('layers', values.layers ?? `${layers}`, 1, 64)).fill({
        ...layer,
        // An explicit number of layers is kept, so that a cell that has to be the only layer is refused.
        ...(builtin !== undefined && values.layers !== undefined && { cell: builtin }),
        hidden: wholeArgument('hidden', values.hidden ?? `${layer.hidden}`, 1, 4096),
      }),
    );
  const options: Record<string, unknown> = {};
  for (const option of ['seconds', 'epochs', 'seed'] as const)
    if (values[option] !== undefined) options[`train.${option}`] = numberArgument(option, values[option]);
  if (values.tokens !== undefined) options['model.tokens'] = values.tokens;
  if (values.engine !== undefined) {
    if (!engineKinds.includes(values.engine))
      throw new Problem(`--engine is auto, wide, narrow or tfjs, not ${JSON.stringify(values.engine)}.`);
    settings['engine.kind'] = values.engine;
  }
  if (values.threads !== undefined)
    settings['engine.threads'] = wholeArgument('threads', values.threads, 1, mostThreads);
  if (values.epochs !== undefined && values.seconds === undefined) options['train.seconds'] = null;
  return { settings, options };
}

/** Reports a run in lines, of which there is at most one of progress in an interval. */
class TrainingReporter implements RunListener {
  start: RunStart | null = null;
  readonly #controls: Controls;
  /** The milliseconds of training at the last line of progress. */
  #shown = 0;

  constructor(controls: Controls) {
    this.#controls = controls;
  }

  started(start: RunStart): void {
    this.start = start;
    for (const remark of [...(start.fallback ? [start.fallback] : []), ...start.remarks]) say(remark);
    say(startLine(start));
  }

  progress(progress: RunProgress, points: RunPoints): void {
    for (const { text } of points.notes) say(text);
    const since = progress.seconds * 1000 - this.#shown;
    if (points.validations.length === 0 && since < interval) return;
    this.#shown = progress.seconds * 1000;
    say(progressLine(this.start!, progress, points));
  }

  paused(): void {}

  resumed(): void {}

  saved(): void {}

  ended(): void {
    this.#controls.close();
  }
}
