// Examines a cell for the laboratory: checks its gradients, traces it over symbols, or shows its graph.
import type { Finding, LaboratoryRequest } from '../protocol/laboratory.ts';
import type { Files } from '../store/files.ts';
import { readModel } from '../store/modelFolder.ts';
import { checkGradients, smallNetwork } from '../tape/probing/checkGradients.ts';
import { sayGradientCheck, showGradientCheck, showGraph, showTrace } from '../tape/probing/show.ts';
import { tellingUnits, trace } from '../tape/probing/trace.ts';
import { readCell } from '../training/readOptions.ts';
import { equationNodes, pictureOfTrace, traceModel } from './cellPictures.ts';

/** Examines a cell. @throws Problem when the cell is wrong */
export function examine(
  { definition, source, cell: name, examination }: LaboratoryRequest,
  files: Files,
): Finding {
  const cell = readCell(definition, source, name);
  switch (examination.kind) {
    case 'gradients': {
      const network = smallNetwork(cell);
      const check = checkGradients(network);
      return {
        kind: 'gradients',
        agrees: check.verdict === 'right',
        sentence: sayGradientCheck(cell, check),
        text: showGradientCheck(cell, network, check),
      };
    }
    case 'trace': {
      const { symbols, model } = examination;
      const traced = trace(cell, { symbols, hidden: tellingUnits(cell), seed: 1 });
      const equations = equationNodes(definition, cell);
      return {
        kind: 'trace',
        text: showTrace(cell, symbols, traced),
        picture:
          model === null
            ? pictureOfTrace(traced, symbols, equations)
            : traceModel(readModel(files, model), { cell: name, symbols, equations }),
      };
    }
    case 'graph':
      return {
        kind: 'graph',
        text: showGraph(cell, examination.hidden, examination.vocabulary),
        picture: { kind: 'graph', equations: equationNodes(definition, cell) },
      };
  }
}
