// `unroll apply`: fills in the column of a table that an acceptor, a regressor or an encoder-decoder writes, or the tags that a transducer writes, or writes
// the rows that a forecaster expects.
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { nodePlatform } from '../../platform/node/platform.ts';
import { Problem } from '../../protocol/problem.ts';
import { capabilitiesOf, demand } from '../../store/capabilities.ts';
import {
  readEncoderDecoder,
  readForecaster,
  readManifest,
  readModel,
  readRegressor,
} from '../../store/modelFolder.ts';
import { startEngine } from '../../worker/engines.ts';
import { openStoredEnsemble } from '../../worker/fillers.ts';
import { numberArgument, readBytes, standardInput, wholeArgument } from '../arguments.ts';
import { outFileArgument } from '../out.ts';
import { say } from '../say.ts';
import { inThread } from '../thread.ts';
import { writeWhole } from '../writeWhole.ts';
import type { Applied } from './applied.ts';
import { applyAcceptor } from './applyAcceptor.ts';
import { applyEncoderDecoder } from './applyEncoderDecoder.ts';
import { applyForecaster, type WantedForecast } from './applyForecaster.ts';
import { applyRegressor } from './applyRegressor.ts';
import { applyTransducer } from './applyTransducer.ts';

/** The capabilities that can be applied to a file, besides naming classes. */
const applied = ['tag', 'rewrite', 'forecast', 'predict a number'] as const;

export async function applyCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      steps: { type: 'string' },
      interval: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const [directory, file] = positionals;
  if (directory === undefined || file === undefined || positionals.length > 2)
    throw new Problem('Name the folder of a model and a file, as in `unroll apply MODEL FILE`.');
  const out = outFileArgument(values.out);
  const { steps, interval, seed } = values;
  const { text, sentence } = await inThread<Applied>(
    async (): Promise<Application> => ({
      directory,
      file,
      // A thread that waits for the standard input cannot be ended.
      piped: file === standardInput ? await buffer(process.stdin) : null,
      forecast: { steps, interval, seed },
    }),
    `The work on ${file} was stopped before its end, and nothing is written.`,
  );
  if (out === undefined) process.stdout.write(text);
  else writeWhole(out, text);
  say(sentence);
}

/** A file and the model that is applied to it. */
interface Application {
  readonly directory: string;
  readonly file: string;
  /** The bytes of the standard input; null where the file is another one. */
  readonly piped: Uint8Array | null;
  readonly forecast: ForecastArguments;
}

/** Applies a model to a file. @throws Problem for everything that the user can mend */
export async function apply({ directory, file, piped, forecast }: Application): Promise<Applied> {
  const platform = nodePlatform(__dirname);
  const manifest = readManifest(platform.files, directory);
  const does = capabilitiesOf(manifest);
  const isForecast = Object.values(forecast).some((each) => each !== undefined);
  if (isForecast) demand(manifest, 'forecast');
  else if (!applied.some((each) => does.has(each))) demand(manifest, 'classify');
  const bytes = piped === null ? readBytes(file) : Buffer.from(piped);
  const source = bytes.toString('utf8');
  if (!Buffer.from(source).equals(bytes))
    throw new Problem(
      `${file} is not UTF-8, so that it could not be written back as it is: convert it first.`,
    );
  const engine = async () => (await startEngine(platform, { kind: 'auto', threads: 1 })).engine;
  const document = { file, source };
  if (does.has('forecast'))
    return applyForecaster(readForecaster(platform.files, directory), document, engine, wanted(forecast));
  if (does.has('rewrite'))
    return applyEncoderDecoder(readEncoderDecoder(platform.files, directory), document, engine);
  if (does.has('predict a number'))
    return applyRegressor(readRegressor(platform.files, directory), document, engine);
  const model = readModel(platform.files, directory);
  return does.has('tag')
    ? applyTransducer(model, document, engine)
    : applyAcceptor(model, openStoredEnsemble(platform.files, directory, model), document, engine);
}

interface ForecastArguments {
  readonly steps?: string | undefined;
  readonly interval?: string | undefined;
  readonly seed?: string | undefined;
}

/** @throws Problem when an argument is out of range */
function wanted({ steps, interval = '80', seed = '1' }: ForecastArguments): WantedForecast {
  const percent = numberArgument('interval', interval, 1);
  if (percent >= 100) throw new Problem('--interval takes a number below 100.');
  return {
    steps: steps === undefined ? null : wholeArgument('steps', steps, 1, 100_000),
    level: percent / 100,
    seed: wholeArgument('seed', seed, 0, 2 ** 32 - 1),
  };
}
