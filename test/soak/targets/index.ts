import { type Target, target } from '../target.ts';
import cells from './cells/index.ts';
import { layer } from './layer.ts';
import { manyModels } from './manyModels.ts';
import { stateCache } from './stateCache.ts';
import { training } from './training.ts';
import { webPage } from './webPage.ts';

export const targets: readonly Target[] = [
  cells,
  target(layer),
  target(manyModels),
  target(stateCache),
  training,
  target(webPage),
];
