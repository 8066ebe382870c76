// The commands about a cell, which its lenses and the palette run.
import type { StartWorker } from '../../protocol/port.ts';
import type { Documents } from '../language/documents.ts';
import type { LastText } from '../language/lastText.ts';
import type { CellReference } from '../language/lenses.ts';
import type { Models } from '../models/models.ts';
import type { Training } from '../runs/train.ts';
import { checkGradients } from './checkGradients.ts';
import { Findings } from './findings.ts';
import { Pictures } from './pictures.ts';
import { showGraph } from './showGraph.ts';
import { trace } from './trace.ts';
import { trainWithCell } from './trainWithCell.ts';

/** @param start starts the laboratory's worker */
export function createLaboratory(
  start: StartWorker,
  documents: Documents,
  training: Training,
  lastText: LastText,
  models: Models,
) {
  const findings = new Findings();
  const pictures = new Pictures(training.context, findings);
  const laboratory = { documents, findings, pictures, models, lastText, start };
  return {
    checkGradients: (reference?: CellReference) => checkGradients(laboratory, reference),
    trace: (reference?: CellReference) => trace(laboratory, reference),
    showGraph: (reference?: CellReference) => showGraph(laboratory, reference),
    trainWithCell: (reference?: CellReference) => trainWithCell(training, documents, lastText, reference),
    dispose() {
      findings.dispose();
      pictures.dispose();
    },
  };
}
