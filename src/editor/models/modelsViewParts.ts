import type { StartWorker } from '../../protocol/port.ts';
import type { Overlay } from '../panel/overlay.ts';
import type { Training } from '../runs/train.ts';
import type { Choices } from './choices.ts';
import type { FrontModel } from './frontModel.ts';
import type { Models } from './models.ts';

/** The objects that the view of models shows and changes. */
export interface ModelsViewParts {
  readonly models: Models;
  readonly choices: Choices;
  readonly front: FrontModel;
  readonly overlay: Overlay;
  readonly training: Training;
  /** Starts the exporter. */
  readonly exporter: StartWorker;
}
