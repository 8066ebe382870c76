// `unroll apply`: fills in the column of a table that an acceptor writes, or the tags that a transducer writes.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { nodePlatform } from '../platform/node/platform.ts';
import { Problem } from '../protocol/problem.ts';
import { capabilitiesOf, demand } from '../store/capabilities.ts';
import { reasonOf } from '../store/fileProblem.ts';
import { isFileError } from '../store/files.ts';
import { readModel } from '../store/modelFolder.ts';
import { startEngine } from '../worker/engines.ts';
import { applyAcceptor } from './applyAcceptor.ts';
import { applyTransducer } from './applyTransducer.ts';
import { readText } from './arguments.ts';
import { say } from './say.ts';

export async function applyCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: 'string' } },
  });
  const [directory, file] = positionals;
  if (directory === undefined || file === undefined || positionals.length > 2)
    throw new Problem('Name the folder of a model and a file, as in `unroll apply MODEL FILE`.');
  const platform = nodePlatform(__dirname);
  const model = readModel(platform.files, directory);
  const tags = capabilitiesOf(model.manifest).has('tag');
  if (!tags) demand(model.manifest, 'classify');
  const source = readText(file);
  if (!Buffer.from(source).equals(readFileSync(file)))
    throw new Problem(
      `${file} is not UTF-8, so that it could not be written back as it is: convert it first.`,
    );
  const engine = async () => (await startEngine(platform, { kind: 'auto', threads: 1 })).engine;
  const apply = tags ? applyTransducer : applyAcceptor;
  const { text, sentence } = await apply(model, { file, source }, engine);
  write(values.out, text);
  say(sentence);
}

function write(out: string | undefined, text: string): void {
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(resolve(out), text);
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new Problem(`${out} cannot be written: ${reasonOf(error)}.`);
  }
}
