import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { joinDocuments } from '../data/text/corpus.ts';
import { nodePlatform } from '../platform/node/platform.ts';
import { Problem } from '../protocol/problem.ts';
import { wholeDocuments } from '../store/textFile.ts';
import { startEngine } from '../worker/engines.ts';
import { importModel } from '../worker/exchange/importModel.ts';
import { addressOf, readDocuments } from './documents.ts';
import { outArgument } from './out.ts';
import { say } from './say.ts';
import { inModelDirectory } from './temporary.ts';

export async function importCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      text: { type: 'string', multiple: true },
      out: { type: 'string' },
      secrets: { type: 'boolean', default: false },
    },
  });
  const [from, ...others] = positionals;
  if (from === undefined)
    throw new Problem(
      'Name a folder that was exported: `unroll export MODEL_DIR --format pytorch --out DIR` makes one.',
    );
  if (others.length > 0)
    throw new Problem(`Name one folder, not ${positionals.length}. A text goes behind --text.`);
  const out = outArgument(values.out);
  const named = values.text ? await readDocuments(values.text, values.secrets) : null;
  const platform = nodePlatform(__dirname);
  const start = async () => (await startEngine(platform, { kind: 'auto', threads: null })).engine;
  const text = named && {
    text: joinDocuments(wholeDocuments(platform.files, named.documents)),
    source: values.text!.join(' '),
    uri: addressOf(named.files),
  };
  const { said, directory } = await inModelDirectory(out, async (directory) => ({
    said: await importModel(platform, start, resolve(from), directory, text),
    directory,
  }));
  say(`Imported ${basename(resolve(from))}: ${said}`);
  process.stdout.write(`${directory}\n`);
}
