import { type Target, target } from '../target.ts';
import cells from './cells/index.ts';
import decoders from './decoders/index.ts';
import { disk } from './disk.ts';
import { damagedModels } from './folders/index.ts';
import { kills } from './kills/index.ts';
import { layer } from './layer.ts';
import { manyModels } from './manyModels.ts';
import { messages } from './messages/index.ts';
import { names } from './names/index.ts';
import { parser } from './parser/index.ts';
import { secrets } from './secrets/index.ts';
import { stateCache } from './stateCache.ts';
import { tokenizers } from './tokenizers/index.ts';
import { training } from './training.ts';
import { webPage } from './webPage.ts';

export const targets: readonly Target[] = [
  cells,
  decoders,
  disk,
  damagedModels,
  kills,
  target(layer),
  target(manyModels),
  parser,
  messages,
  names,
  secrets,
  target(stateCache),
  tokenizers,
  training,
  target(webPage),
];
