// The command line runs the same core as the extension, for machines without a screen. Progress goes to
// standard error, the result to standard output.
import { isMainThread } from 'node:worker_threads';
import { SettingsProblem } from '../protocol/problem.ts';
import { version } from '../version.ts';
import { sayError } from '../worker/sayError.ts';
import { apply, applyCommand } from './apply/apply.ts';
import { checkCommand } from './check.ts';
import { dynamicsCommand } from './dynamics.ts';
import { evaluateCommand } from './evaluate/evaluate.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { sampleCommand } from './sample.ts';
import { say } from './say.ts';
import { answerTask } from './thread.ts';
import { traceCommand } from './trace.ts';
import { trainCommand } from './train/train.ts';
import { usage } from './usage.ts';

const commands: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  train: trainCommand,
  apply: applyCommand,
  sample: sampleCommand,
  export: exportCommand,
  import: importCommand,
  evaluate: evaluateCommand,
  trace: traceCommand,
  check: checkCommand,
  dynamics: dynamicsCommand,
};

const asksForHelp = (argument: string) => argument === '--help' || argument === '-h';

async function main([name = '', ...args]: string[]): Promise<number> {
  if (name === '--version') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (name === 'help' || asksForHelp(name)) {
    process.stdout.write(usage(null));
    return 0;
  }
  if (!Object.hasOwn(commands, name)) {
    if (name !== '') say(`unroll: There is no command '${name}'.`);
    process.stderr.write(usage(null));
    return 2;
  }
  const end = args.indexOf('--');
  if (args.slice(0, end < 0 ? args.length : end).some(asksForHelp)) {
    process.stdout.write(usage(name));
    return 0;
  }
  try {
    await commands[name](args);
    return 0;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const misused = code?.startsWith('ERR_PARSE_ARGS') ?? false;
    // Whoever is at the command line has set options.
    const said =
      error instanceof SettingsProblem
        ? `In the options: ${error.said}`
        : sayError(`'unroll ${name}'`, error);
    say(`unroll: ${misused ? message.replaceAll('\n', ' ') : said}`);
    if (misused) process.stderr.write(usage(name));
    return misused ? 2 : 1;
  }
}

// A program that reads the output, such as `head`, may stop before everything is written.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));
// A reader that closes standard error still wants the result.
process.stderr.on('error', () => {});

if (isMainThread)
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
else void answerTask("'unroll apply'", apply);
