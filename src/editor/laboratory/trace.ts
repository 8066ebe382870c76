import { l10n } from 'vscode';
import type { CheckedCell } from '../../language/cell.ts';
import { readCells } from '../../language/check.ts';
import { capabilitiesOf } from '../../store/capabilities.ts';
import type { CellReference } from '../language/lenses.ts';
import type { Model, Models } from '../models/models.ts';
import { inputLine } from '../ui/quickInput.ts';
import { chooseCell } from './chosenCell.ts';
import { examineCell, type Laboratory } from './laboratory.ts';

/** The most symbols of a trace; each of them is a row of a table. */
const maximumSymbols = 1000;

/** The most symbols that are proposed. */
const proposed = 40;

/** Asks for symbols and shows the cell's vectors while it reads them, with trained weights where there are some. */
export async function trace(laboratory: Laboratory, reference?: CellReference): Promise<void> {
  const chosen = await chooseCell(laboratory.documents, reference);
  if (!chosen) return;
  const { document, cell, scope } = chosen;
  const model = trainedModel(laboratory.models, cell);
  const [line] = laboratory.lastText.document?.getText().trimStart().split(/\r?\n/, 1) ?? [];
  const symbols = await inputLine({
    title: l10n.t('Trace {0}', cell.name),
    prompt: model
      ? l10n.t('The text to read, with the weights trained on {0}', model.manifest.provenance.source)
      : l10n.t('The symbols to read, one per step'),
    value: scope.symbols.has('x') ? (model && line?.slice(0, proposed)) || 'hello' : 'aaaaaa',
    validateInput: (text) =>
      text.length > maximumSymbols ? l10n.t('At most {0} symbols.', maximumSymbols) : undefined,
  });
  if (symbols === undefined) return;
  const finding = await examineCell(
    laboratory,
    chosen,
    { kind: 'trace', symbols, model: symbols === '' ? null : (model?.directory ?? null) },
    l10n.t('Tracing {0}', cell.name),
  );
  if (finding?.kind !== 'trace') return;
  const { picture, text } = finding;
  const title = l10n.t('Trace of {0}', cell.name);
  laboratory.pictures.show({ title, source: document.uri, cell: cell.name, picture, text });
}

/** Returns the newest model with a layer of this very cell. */
const trainedModel = (models: Models, cell: CheckedCell): Model | undefined =>
  models.all.find(({ manifest }) => {
    const text = manifest.cells[cell.name];
    if (text === undefined || !capabilitiesOf(manifest).has('units')) return false;
    const known = readCells(text).cells.find(({ name }) => name === cell.name);
    return JSON.stringify(known) === JSON.stringify(cell);
  });
