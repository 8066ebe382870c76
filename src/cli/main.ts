// The command line runs the same core as the extension, for machines without a screen. Progress goes to
// standard error, the result to standard output.
import { exportFormatNames } from '../protocol/exporter.ts';
import { sayError } from '../worker/sayError.ts';
import { applyCommand } from './apply.ts';
import { checkCommand } from './check.ts';
import { dynamicsCommand } from './dynamics.ts';
import { evaluateCommand } from './evaluate.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { sampleCommand } from './sample.ts';
import { say } from './say.ts';
import { traceCommand } from './trace.ts';
import { trainCommand } from './train.ts';

const usage = `Usage:
  unroll train FILE…|GLOB [--seconds N] [--epochs N] [--seed N] [--cell NAME|FILE.rnn] [--hidden N] [--layers N] [--tokens auto|characters|words|pieces] [--engine auto|wide|narrow|tfjs] [--threads N] [--out DIR] [--secrets] [--json]
  unroll train TABLE --task acceptor [--reads COLUMN,…] [--writes COLUMN] [--held-out TABLE] [the options above]
  unroll train FILE --task transducer [--reads NUMBER] [--writes NUMBER] [--held-out FILE] [the options above]
  unroll train TABLE --task encoder-decoder [--reads COLUMN,…] [--writes COLUMN] [--held-out TABLE] [the options above]
  unroll train TABLE --task forecaster [--reads COLUMN,…] [--writes COLUMN,…] [the options above]
  unroll apply MODEL_DIR FILE [--out FILE]
  unroll apply MODEL_DIR TABLE [--steps N] [--interval PERCENT] [--seed N] [--out FILE]
  unroll sample MODEL_DIR [--prompt TEXT] [--length N] [--temperature X] [--top-k N] [--top-p X] [--seed N]
  unroll export MODEL_DIR --out DIR [--format ${exportFormatNames.join('|')}] [--states optional|required]
  unroll import EXPORTED_DIR|FILE.onnx [--text FILE|GLOB]… [--out DIR] [--secrets]
  unroll evaluate FILE [--seconds N | --epochs N] [--tokens auto|characters|words|pieces] [--seed N] [--out DIR | --model DIR] [--secrets] [--json]
  unroll trace CELL|FILE.rnn [--symbols TEXT] [--hidden N] [--seed N] [--json]
  unroll check CELL|FILE.rnn [--json]
  unroll dynamics CELL|FILE.rnn [--symbols TEXT] [--hidden N] [--steps N] [--exponents N] [--seed N] [--json]
  unroll dynamics MODEL_DIR [FILE] [--steps N] [--exponents N] [--json]
`;

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

async function main([name = '', ...args]: string[]): Promise<number> {
  if (!Object.hasOwn(commands, name)) {
    process.stderr.write(usage);
    return 2;
  }
  try {
    await commands[name](args);
    return 0;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const misused = code?.startsWith('ERR_PARSE_ARGS') ?? false;
    say(`unroll: ${misused ? message : sayError(`'unroll ${name}'`, error)}`);
    if (misused) process.stderr.write(usage);
    return misused ? 2 : 1;
  }
}

// A program that reads the output, such as `head`, may stop before everything is written.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
