// Opens the models that fill in rows, and those that continue tables.
import type { Engine } from '../backend/engine.ts';
import { demand } from '../store/capabilities.ts';
import type { Files } from '../store/files.ts';
import {
  readEncoderDecoder,
  readForecaster,
  readManifest,
  readModel,
  readRegressor,
  readText,
  type StoredModel,
} from '../store/modelFolder.ts';
import { type ClassEnsemble, openClassEnsemble } from '../tasks/acceptor/classEnsemble.ts';
import { openAcceptorFiller } from '../tasks/acceptor/fill.ts';
import { openPairFiller } from '../tasks/encoderDecoder/fill.ts';
import type { Filler } from '../tasks/filler.ts';
import { type Continuer, openContinuer } from '../tasks/forecaster/continuation.ts';
import { openRegressorFiller } from '../tasks/regressor/fill.ts';
import { openTransducerFiller } from '../tasks/transducer/fill.ts';

/** @throws Problem when there is no whole model in the folder, or it fills in nothing */
export function openFiller(engine: Engine, files: Files, directory: string): Filler {
  const manifest = readManifest(files, directory);
  demand(manifest, 'fill');
  if (manifest.pairs) return openPairFiller(engine, readEncoderDecoder(files, directory));
  if (manifest.regression) return openRegressorFiller(engine, readRegressor(files, directory));
  const model = readModel(files, directory);
  const { table, tagging } = model.manifest;
  if (tagging) return openTransducerFiller(engine, { ...model, tagging });
  return openAcceptorFiller(engine, {
    ...model,
    table: table!,
    ensemble: openStoredEnsemble(files, directory, model),
  });
}

/**
 * Opens what an acceptor has beside its network; null where that is alone.
 * @throws Problem when the table that it was trained on is missing or damaged
 */
export const openStoredEnsemble = (
  files: Files,
  directory: string,
  { manifest, mixture }: StoredModel,
): ClassEnsemble | null =>
  openClassEnsemble(mixture, manifest.table!, manifest.learnedHeldOut ?? false, () =>
    readText(files, directory, manifest),
  );

/** @throws Problem when there is no whole model in the folder, or it forecasts nothing */
export const openStoredContinuer = (engine: Engine, files: Files, directory: string): Continuer =>
  openContinuer(engine, readForecaster(files, directory));
