// What can be done with a cell, from its lenses and from the palette.
import { commands, Disposable } from 'vscode';
import { commands as names } from '../../contributions.ts';
import type { Documents } from '../language/documents.ts';
import type { LastText } from '../language/lastText.ts';
import type { CellReference } from '../language/lenses.ts';
import type { Training } from '../train.ts';
import { checkGradients } from './checkGradients.ts';
import { Findings } from './findings.ts';
import { showGraph } from './showGraph.ts';
import { trace } from './trace.ts';
import { trainWithCell } from './trainWithCell.ts';

/** @param script the laboratory worker's */
export function registerLaboratory(
  script: string,
  documents: Documents,
  training: Training,
  lastText: LastText,
): Disposable {
  const findings = new Findings();
  const laboratory = { documents, findings, script };
  const register = (name: string, command: (reference?: CellReference) => Promise<void>) =>
    commands.registerCommand(name, command);
  return Disposable.from(
    findings,
    register(names.checkGradients, (reference) => checkGradients(laboratory, reference)),
    register(names.trace, (reference) => trace(laboratory, reference)),
    register(names.showGraph, (reference) => showGraph(laboratory, reference)),
    register(names.trainWithCell, (reference) => trainWithCell(training, documents, lastText, reference)),
  );
}
