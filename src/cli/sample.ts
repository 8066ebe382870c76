import { parseArgs } from 'node:util';
import { sample } from '../completion/decoding/sampling.ts';
import { verbatim } from '../inspection/verbatim.ts';
import { nodePlatform } from '../platform/node/platform.ts';
import { quotedRuns } from '../protocol/inspector.ts';
import { Problem } from '../protocol/problem.ts';
import { demand } from '../store/capabilities.ts';
import { readEncoderDecoder, readManifest, readText } from '../store/modelFolder.ts';
import { random } from '../tape/random.ts';
import { startEngine } from '../worker/engines.ts';
import { openNetwork } from '../worker/openNetwork.ts';
import { expectAtMost, numberArgument, wholeArgument } from './arguments.ts';
import { drawTargets } from './drawTargets.ts';

export async function sampleCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      prompt: { type: 'string', default: '' },
      length: { type: 'string', default: '500' },
      temperature: { type: 'string', default: '0.8' },
      'top-k': { type: 'string', default: '0' },
      'top-p': { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
    },
  });
  expectAtMost(1, positionals);
  const [directory] = positionals;
  if (!directory) throw new Problem('Name the folder of a model: `unroll train FILE --out DIR` makes one.');
  const platform = nodePlatform(__dirname);
  const length = wholeArgument('length', values.length, 1, 1_000_000_000);
  const drawing = {
    temperature: numberArgument('temperature', values.temperature),
    topK: wholeArgument('top-k', values['top-k'], 0, 1_000_000_000),
    topP: numberArgument('top-p', values['top-p'], 0, 1),
    random: random(wholeArgument('seed', values.seed, 0, 4294967295)),
  };
  const { engine } = await startEngine(platform, { kind: 'auto', threads: 1 });
  if (readManifest(platform.files, directory).pairs) {
    const model = readEncoderDecoder(platform.files, directory);
    for (const text of drawTargets(engine, model, values.prompt, { length, ...drawing }))
      process.stdout.write(`${text}\n`);
    return;
  }
  const { manifest, tokenizer, predictor } = openNetwork(engine, platform.files, directory);
  demand(manifest, 'sample');
  const text = sample(predictor, tokenizer, values.prompt, {
    length,
    direction: manifest.direction,
    ...drawing,
  });
  const written: string[] = [];
  for (const each of text) {
    written.push(each);
    if (manifest.direction === 'forward') process.stdout.write(each);
  }
  // A backward model writes the text from its end, so the order is reversed.
  if (manifest.direction === 'backward') process.stdout.write(written.reverse().join(''));
  process.stdout.write('\n');
  if (manifest.text !== null)
    process.stderr.write(quoted(written.join(''), readText(platform.files, directory, manifest)));
}

/** Returns a sentence on how much of what was written occurs in the training text. */
function quoted(written: string, text: string): string {
  const { shares, longest } = verbatim(written, text, quotedRuns);
  const runs = shares.map((share, index) => `${Math.round(100 * share)} % in runs of ${quotedRuns[index]}`);
  return `Quoted from the text that was trained on: ${runs.join(', ')} characters or more; the longest run has ${longest}.\n`;
}
