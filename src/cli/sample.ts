import { parseArgs } from 'node:util';
import { sample } from '../completion/sample.ts';
import { Problem } from '../protocol/problem.ts';
import { random } from '../tape/random.ts';
import { architecture } from '../training/plan.ts';
import { Vocabulary } from '../training/vocabulary.ts';
import { startEngine } from '../worker/engines.ts';
import { readModel } from '../worker/modelFolder.ts';
import { numberArgument } from './arguments.ts';

export async function sampleCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      prompt: { type: 'string', default: '\n' },
      length: { type: 'string', default: '500' },
      temperature: { type: 'string', default: '0.8' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [directory] = positionals;
  if (!directory) throw new Problem('Name the folder of a model: `unroll train FILE --out DIR` makes one.');
  const { manifest, weights } = readModel(directory);
  const vocabulary = new Vocabulary(manifest.vocabulary.characters, manifest.vocabulary.rareKinds);
  const { engine } = await startEngine(__dirname, { kind: 'auto', threads: 1 });
  const predictor = engine.predict(
    architecture(vocabulary.size, manifest.architecture, manifest.cells),
    weights,
  );
  const text = sample(predictor, vocabulary, values.prompt, {
    length: numberArgument('length', values.length),
    temperature: numberArgument('temperature', values.temperature),
    random: random(numberArgument('seed', values.seed)),
  });
  if (manifest.direction === 'forward') for (const character of text) process.stdout.write(character);
  // Written from its end on.
  else process.stdout.write([...text].reverse().join(''));
  process.stdout.write('\n');
}
