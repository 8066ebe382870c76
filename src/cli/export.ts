import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeFiles, publicFiles } from '../platform/node/files.ts';
import { readPage } from '../platform/node/page.ts';
import { exportFormatNames } from '../protocol/exporter.ts';
import { Problem } from '../protocol/problem.ts';
import { exportFormats } from '../worker/exchange/exportFormats.ts';
import { exportOnnx } from '../worker/exchange/exportOnnx.ts';
import { expectAtMost } from './arguments.ts';
import { outArgument } from './out.ts';

export async function exportCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      format: { type: 'string', default: 'tfjs' },
      out: { type: 'string' },
      states: { type: 'string', default: 'optional' },
    },
  });
  expectAtMost(1, positionals);
  const [directory] = positionals;
  if (!directory) throw new Problem('Name the folder of a model: `unroll train FILE --out DIR` makes one.');
  const format = exportFormatNames.find((name) => name === values.format);
  if (!format)
    throw new Problem(
      `--format is ${exportFormatNames.join(' or ')}, not ${JSON.stringify(values.format)}: any other program reads the model's own safetensors.`,
    );
  if (values.states !== 'optional' && (values.states !== 'required' || format !== 'onnx'))
    throw new Problem('--states is optional or required, and goes with `--format onnx`.');
  const out = outArgument(values.out);
  if (out === undefined) throw new Problem('Name the folder to write: --out DIR.');
  const from = { files: nodeFiles, directory };
  const to = { files: publicFiles, directory: out };
  if (values.states === 'required') exportOnnx(from, to, { optionalStates: false });
  else exportFormats[format](from, to, () => readPage(__dirname));
  process.stdout.write(`${resolve(out)}\n`);
}
