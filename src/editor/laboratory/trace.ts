import { l10n } from 'vscode';
import type { CellReference } from '../language/lenses.ts';
import { inputLine } from '../ui/quickInput.ts';
import { chooseCell } from './chosenCell.ts';
import { examineCell, type Laboratory } from './laboratory.ts';

/** The most symbols of a trace; each of them is a row of a table. */
const maximumSymbols = 1000;

/** Asks for symbols and shows the cell's vectors while it reads them, one row a step. */
export async function trace(laboratory: Laboratory, reference?: CellReference): Promise<void> {
  const chosen = await chooseCell(laboratory.documents, reference);
  if (!chosen) return;
  const { document, cell, scope } = chosen;
  const symbols = await inputLine({
    title: l10n.t('Trace {0}', cell.name),
    prompt: l10n.t('Symbols that it reads, one a step'),
    value: scope.symbols.has('x') ? 'hello' : 'aaaaaa',
    validateInput: (text) =>
      text.length > maximumSymbols ? l10n.t('At most {0} symbols.', maximumSymbols) : undefined,
  });
  if (symbols === undefined) return;
  const finding = await examineCell(
    laboratory,
    chosen,
    { kind: 'trace', symbols },
    l10n.t('Tracing {0}', cell.name),
  );
  if (finding) await laboratory.findings.show(l10n.t('Trace of {0}', cell.name), document.uri, finding.text);
}
