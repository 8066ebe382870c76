// Levels as people see them: theme colours, and lines of different strength where a theme of high contrast makes them
// visible, so that a level is known by more than its hue.
import { type TextEditorDecorationType, ThemeColor, window } from 'vscode';

/** By strength. */
const lines = ['1px dotted', '1px dashed', '2px solid', '3px double'] as const;

export interface Level {
  /** A theme colour of package.json. */
  readonly color: string;
  /** 0 is the weakest. */
  readonly strength: number;
  readonly side: 'bottom' | 'top';
}

export const surpriseLevels: readonly Level[] = lines.map((_, strength) => ({
  color: `unroll.surprise${strength + 1}`,
  strength,
  side: 'bottom',
}));

/** From the most negative to the most positive; nothing stands for what is near to zero. */
export const unitLevels: readonly Level[] = [2, 1, 0, 0, 1, 2].map((strength, index) => ({
  color: `unroll.${index < 3 ? 'negative' : 'positive'}${strength + 1}`,
  strength,
  side: index < 3 ? 'top' : 'bottom',
}));

export function createStyle({ color, strength, side }: Level): TextEditorDecorationType {
  const [width, style] = lines[strength].split(' ');
  return window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor(color),
    borderColor: new ThemeColor('unroll.levelLine'),
    borderWidth: side === 'bottom' ? `0 0 ${width} 0` : `${width} 0 0 0`,
    borderStyle: style,
  });
}

/** A patch of a level's colour, in Markdown with HTML. */
export function swatch({ color }: Level, label: string): string {
  return `<span style="background-color:var(--vscode-${color.replace('.', '-')});">&nbsp;${label}&nbsp;</span>`;
}
