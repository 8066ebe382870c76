// Levels as people see them: theme colours, and lines of different strength where a theme of high contrast makes them
// visible, so that a level is known by more than its hue.
import { type TextEditorDecorationType, ThemeColor, window } from 'vscode';
import { colors } from '../../../contributions.ts';
import { Markdown, markdown } from '../../ui/markdown.ts';

/** By strength. */
const lines = ['1px dotted', '1px dashed', '2px solid', '3px double'] as const;

/** The same around a sign: no thicker, or it would reach into the line below. */
const boxes = ['1px dotted', '1px dashed', '1px solid', '2px solid'] as const;

/** Stands for the end of a line. */
export const lineEnd = '↵';

export interface Level {
  /** A theme colour of package.json. */
  readonly color: string;
  /** 0 is the weakest. */
  readonly strength: number;
  readonly side: 'bottom' | 'top';
}

const level =
  (side: Level['side']) =>
  (color: string, strength: number): Level => ({ color, strength, side });

export const surpriseLevels: readonly Level[] = colors.surprise.map(level('bottom'));

/** From the most negative to the most positive; nothing stands for what is near to zero. */
export const unitLevels: readonly Level[] = [
  ...colors.negative.map(level('top')).reverse(),
  ...colors.positive.map(level('bottom')),
];

export function createStyle({ color, strength, side }: Level): TextEditorDecorationType {
  const [width, style] = lines[strength].split(' ');
  return window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor(color),
    borderColor: new ThemeColor(colors.line[0]),
    borderWidth: side === 'bottom' ? `0 0 ${width} 0` : `${width} 0 0 0`,
    borderStyle: style,
  });
}

/** Of the end of a line, where there is no character to be coloured: a patch after the last one, with a sign. */
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

/** A patch of a level's colour, as HTML within Markdown. */
export function swatch({ color }: Level, label: string): Markdown {
  const variable = new Markdown(`--vscode-${color.replace('.', '-')}`);
  return markdown`<span style="background-color:var(${variable});">&nbsp;${label}&nbsp;</span>`;
}
