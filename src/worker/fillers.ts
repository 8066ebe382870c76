// Opens the models that fill in rows, and those that continue tables.
import type { Engine } from '../backend/engine.ts';
import { demand } from '../store/capabilities.ts';
import type { Files } from '../store/files.ts';
import { readEncoderDecoder, readForecaster, readManifest, readModel } from '../store/modelFolder.ts';
import { openAcceptorFiller } from '../tasks/acceptor/fill.ts';
import { openPairFiller } from '../tasks/encoderDecoder/fill.ts';
import type { Filler } from '../tasks/filler.ts';
import { type Continuer, openContinuer } from '../tasks/forecaster/continuation.ts';
import { openTransducerFiller } from '../tasks/transducer/fill.ts';

/** @throws Problem when there is no whole model in the folder, or it fills in nothing */
export function openFiller(engine: Engine, files: Files, directory: string): Filler {
  const manifest = readManifest(files, directory);
  demand(manifest, 'fill');
  if (manifest.pairs) return openPairFiller(engine, readEncoderDecoder(files, directory));
  const model = readModel(files, directory);
  const { table, tagging } = model.manifest;
  return tagging
    ? openTransducerFiller(engine, { ...model, tagging })
    : openAcceptorFiller(engine, { ...model, table: table! });
}

/** @throws Problem when there is no whole model in the folder, or it forecasts nothing */
export const openStoredContinuer = (engine: Engine, files: Files, directory: string): Continuer =>
  openContinuer(engine, readForecaster(files, directory));
