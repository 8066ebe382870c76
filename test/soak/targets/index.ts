import { type Target, target } from '../target.ts';
import { layer } from './layer.ts';
import { manyModels } from './manyModels.ts';
import { stateCache } from './stateCache.ts';
import { webPage } from './webPage.ts';

export const targets: readonly Target[] = [
  target(layer),
  target(manyModels),
  target(stateCache),
  target(webPage),
];
