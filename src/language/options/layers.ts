// The entries of `layers`: a cell and its number of units, after `both` where the layer reads both ways.

import { type Fix, listed, type Range, type Report, replace } from '../syntax/source.ts';
import type { Setting, Word } from '../syntax/syntax.ts';
import type { LayerOptions } from './options.ts';

/** The word before a layer whose rows are read from both ends. */
export const bothWays = 'both';

/** Returns the words of a layer without `both`. A cell may be named `both`, too. */
export function layerWords(item: Setting['items'][number]): {
  words: readonly Word[];
  bidirectional: boolean;
} {
  const [first, second] = item;
  const bidirectional = first?.text === bothWays && second?.kind === 'name';
  return { words: bidirectional ? item.slice(1) : item, bidirectional };
}

/** Writes layers as in a file: `both GRU 64, LSTM 128`. */
export const layersText = (layers: readonly LayerOptions[]): string => layers.map(layerText).join(', ');

export const layerText = ({ cell, hidden, bidirectional }: LayerOptions): string =>
  `${bidirectional ? `${bothWays} ` : ''}${cell} ${hidden}`;

/** Returns the number of units that the layer above sees. */
export const layerUnits = ({ hidden, bidirectional }: LayerOptions): number =>
  bidirectional ? 2 * hidden : hidden;

/** Reads the layers. @param cells the names of the cells there are; null if that is not known */
export function readLayers(
  items: Setting['items'],
  report: Report,
  cells: ReadonlySet<string> | null,
): readonly LayerOptions[] | undefined {
  const layers: LayerOptions[] = [];
  for (const item of items) {
    const { words, bidirectional } = layerWords(item);
    const [cell, hidden, extra] = words;
    if (!cell) continue;
    const range: Range = { from: item[0].range.from, to: item[item.length - 1].range.to };
    if (cell.kind !== 'name' || hidden?.kind !== 'number' || extra) {
      report.error(
        range,
        'A layer is the name of a cell and its number of units, as in `LSTM 128`, or `both LSTM 64` to read both ways.',
      );
    } else if (!Number.isInteger(hidden.value) || hidden.value < 1 || hidden.value > 4096) {
      report.error(hidden.range, 'A layer has a whole number of units from 1 to 4096.');
    } else if (cells && !cells.has(cell.text)) {
      const likely = report.likely(cell.text, cells);
      const mend: Fix | undefined = likely === undefined ? undefined : replace(cell.range, likely);
      const hint = likely ? `: did you mean \`${likely}\`?` : `. There are ${listed(cells)}.`;
      report.error(cell.range, `There is no cell \`${cell.text}\`${hint}`, mend);
    } else {
      layers.push({ cell: cell.text, hidden: hidden.value, ...(bidirectional && { bidirectional }) });
    }
  }
  return layers.length === items.length ? layers : undefined;
}
