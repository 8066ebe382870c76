// The page that draws a picture of a cell: its equations as a graph, or its vectors over symbols.
import type { CellPictureToHost, HostToCellPicture } from '../../src/protocol/cellPicture.ts';
import type { CellPicture, EquationNode, TracedVector, TracePicture } from '../../src/protocol/laboratory.ts';
import { csv } from '../panel/figure/csv.ts';
import { Drawing } from '../panel/figure/drawing.ts';
import { element } from '../panel/figure/element.ts';
import { t } from '../panel/words/l10n.ts';
import { readableName } from '../panel/words/stateName.ts';
import '../panel/panel.css';
import '../panel/layout.css';
import './cell.css';
import { onThemeChange } from '../panel/figure/theme.ts';
import { drawUnits, unitsCsv } from '../panel/passage/unitsMap.ts';
import { drawGraph } from './graph.ts';

const host = acquireVsCodeApi();
const post = (message: CellPictureToHost) => host.postMessage(message);
const open = (line: number) => post({ type: 'line', line });
const saving = {
  save: (name: string, kind: 'csv' | 'png' | 'svg', content: string) =>
    kind !== 'png' && post({ type: 'save', name, kind, content }),
};
let drawings: readonly Drawing[] = [];

window.addEventListener('message', ({ data }: MessageEvent<HostToCellPicture>) => show(data));
onThemeChange(() => {
  for (const drawing of drawings) drawing.redraw();
});

function show({ cell, picture }: HostToCellPicture): void {
  const root = document.getElementById('panel')!;
  const asText = element('button', { type: 'button', className: 'quiet', textContent: t('Show as Text') });
  asText.addEventListener('click', () => post({ type: 'text' }));
  const title = picture.kind === 'graph' ? t('The equations of {0}', cell) : t('{0}, step by step', cell);
  const made = drawn(picture);
  drawings = made;
  root.replaceChildren(
    element(
      'header',
      {},
      element('h1', { textContent: title }),
      element('div', { className: 'buttons' }, asText),
    ),
    element('p', { className: 'says', textContent: saysOf(picture) }),
    ...made.map((drawing) => drawing.element),
  );
  for (const drawing of made) drawing.redraw();
}

const drawn = (picture: CellPicture): Drawing[] =>
  picture.kind === 'graph'
    ? [graphDrawing(picture.equations)]
    : picture.vectors.map((vector) => vectorDrawing(picture, vector));

function saysOf(picture: CellPicture): string {
  if (picture.kind === 'graph')
    return t(
      'Each box is a line of the file, and leads to it. The arrows on the left stay within a step; those on the right come from an earlier one.',
    );
  return picture.trainedOn === null
    ? t('With initial weights: no model has been trained with this cell as it stands.')
    : t('With the weights of the model trained on {0}.', picture.trainedOn);
}

function graphDrawing(equations: readonly EquationNode[]): Drawing {
  const words = { caption: t('Graph'), label: t('The equations as boxes, with arrows from what they read') };
  const drawing = new Drawing('graph', words, saving);
  drawing.csv = () =>
    csv(
      ['vector', 'line', 'equation', 'reads'],
      equations.map(({ name, line, equation, reads }) => [
        name,
        line,
        equation,
        reads.map((read) => (read.lag === 0 ? read.name : `${read.name} ${read.lag} back`)).join('; '),
      ]),
    );
  drawing.show((width, theme) => drawGraph(equations, width, theme, open));
  return drawing;
}

function vectorDrawing({ tokens }: TracePicture, { name, equation, line, values }: TracedVector): Drawing {
  const toLine = element('button', {
    type: 'button',
    className: 'quiet',
    textContent: t('Line {0}', line),
    title: equation,
  });
  toLine.addEventListener('click', () => open(line));
  const passage = { tokens, read: tokens.length, vectors: { [name]: values } };
  const words = {
    caption: readableName(name),
    label: t('The units of {0} by rows, the symbols by columns; a colour is a value', readableName(name)),
  };
  const drawing = new Drawing(name.replaceAll('.', '-'), words, saving, toLine);
  drawing.csv = () => unitsCsv(passage, name);
  drawing.says = equation;
  drawing.show((width, theme) => drawUnits(passage, name, width, theme));
  return drawing;
}

post({ type: 'ready' });
