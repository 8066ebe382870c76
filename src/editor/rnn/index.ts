// The features for `.rnn` files, and the commands about cells.
import { Disposable } from 'vscode';
import type { StartWorker } from '../../protocol/port.ts';
import { createLaboratory } from '../laboratory/index.ts';
import { Documents } from '../language/documents.ts';
import { registerLanguage } from '../language/index.ts';
import type { LastText } from '../language/lastText.ts';
import { newCell } from '../language/newCell.ts';
import { surroundings } from '../language/surroundings.ts';
import type { Choices } from '../models/choices.ts';
import type { Models } from '../models/models.ts';
import type { Overlay } from '../panel/overlay.ts';
import { compareCells } from '../runs/compareCells.ts';
import type { Training } from '../runs/train.ts';

export interface RnnParts {
  readonly models: Models;
  readonly training: Training;
  readonly overlay: Overlay;
  readonly choices: Choices;
  readonly lastText: LastText;
  /** Starts the laboratory's worker. */
  readonly laboratory: StartWorker;
}

/** The commands about cells, by their names in `contributions.ts`. */
export type Rnn = ReturnType<typeof createRnn>;

export function createRnn({ laboratory: start, ...parts }: RnnParts) {
  const { models, training, lastText } = parts;
  const documents = new Documents(surroundings(models));
  const laboratory = createLaboratory(start, documents, training, lastText, models);
  const everything = Disposable.from(registerLanguage(documents, lastText), laboratory);
  return {
    ...laboratory,
    newCell,
    compareCells: () => compareCells(parts),
    dispose: () => everything.dispose(),
  };
}
