// The decorations for levels. Each has a theme colour, and a line whose style differs by level and is visible
// in high-contrast themes, so that levels do not differ by hue alone.
import { l10n, type TextEditorDecorationType, ThemeColor, window } from 'vscode';
import { colors } from '../../../contributions.ts';
import { Markdown, markdown } from '../../ui/markdown.ts';

/** The line styles, from the weakest level to the strongest. */
const lines = ['1px dotted', '1px dashed', '2px solid', '3px double'] as const;

/** The same styles for a box around a sign; thicker ones would reach into the line below. */
const boxes = ['1px dotted', '1px dashed', '1px solid', '2px solid'] as const;

/** The sign that stands for the end of a line. */
export const lineEnd = '↵';

export interface Level {
  /** The id of a theme colour in package.json. */
  readonly color: string;
  /** The strength of the level; 0 is the weakest. */
  readonly strength: number;
  readonly side: 'bottom' | 'top';
  /** The id of the colour of its line; by default, one that is seen in high-contrast themes alone. */
  readonly line?: string;
}

/** The number of strengths that a line tells apart. */
export const strengths = lines.length;

const level =
  (side: Level['side']) =>
  (color: string, strength: number): Level => ({ color, strength, side });

export const surpriseLevels: readonly Level[] = colors.surprise.map(level('bottom'));

/** The levels from the most negative to the most positive; values near zero have none. */
export const unitLevels: readonly Level[] = [
  ...colors.negative.map(level('top')).reverse(),
  ...colors.positive.map(level('bottom')),
];

export function createStyle({
  color,
  strength,
  side,
  line = colors.line[0],
}: Level): TextEditorDecorationType {
  const [width, style] = lines[strength].split(' ');
  return window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor(color),
    borderColor: new ThemeColor(line),
    borderWidth: side === 'bottom' ? `0 0 ${width} 0` : `${width} 0 0 0`,
    borderStyle: style,
  });
}

/**
 * Creates the decoration for the end of a line. There is no character to colour, so a coloured sign is
 * appended.
 */
export function createLineEndStyle({ color, strength }: Level): TextEditorDecorationType {
  return window.createTextEditorDecorationType({
    after: {
      contentText: lineEnd,
      color: new ThemeColor('descriptionForeground'),
      backgroundColor: new ThemeColor(color),
      border: boxes[strength],
      borderColor: new ThemeColor(colors.line[0]),
      margin: '0 0 0 2px',
    },
  });
}

/** Returns a patch of a level's colour, as HTML within Markdown. */
export function swatch({ color }: Level, label: string): Markdown {
  const variable = new Markdown(`--vscode-${color.replace('.', '-')}`);
  return markdown`<span style="background-color:var(${variable});">&nbsp;${label}&nbsp;</span>`;
}

/** Says whose values are shown. @param source what the model was trained on */
export const ofModel = (source: string): string => l10n.t('The model is the one trained on {0}.', source);
