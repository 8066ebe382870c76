// Draws where a network looks in a source while it writes a target: the source across, the target down. It does not
// import VS Code, so that it can be tested without it.
import type { Alignment } from '../../protocol/alignment.ts';

const cell = 16;
/** The most characters on either side; a hover has no room for more. */
const most = 40;

export interface PictureColors {
  readonly text: string;
  readonly weight: string;
}

/** Returns the picture as SVG. The darker a square, the more weight its character of the source has. */
export function alignmentPicture(
  { source, target, weights }: Alignment,
  { text, weight }: PictureColors,
): string {
  const across = source.slice(0, most);
  const down = target.slice(0, most);
  const [width, height] = [cell * (across.length + 1), cell * (down.length + 1)];
  const label = (character: string, x: number, y: number) =>
    `<text x="${x + cell / 2}" y="${y + 0.75 * cell}">${escaped(visible(character))}</text>`;
  const squares = down.flatMap((_, row) =>
    across.flatMap((_, column) => {
      const opacity = weights[row][column];
      return opacity < 0.005
        ? []
        : `<rect x="${cell * (column + 1)}" y="${cell * (row + 1)}" width="${cell - 1}" height="${cell - 1}" fill-opacity="${opacity.toFixed(2)}"/>`;
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    `<g fill="${text}" font-family="monospace" font-size="12" text-anchor="middle">`,
    ...across.map((character, column) => label(character, cell * (column + 1), 0)),
    ...down.map((character, row) => label(character, 0, cell * (row + 1))),
    `</g><g fill="${weight}">`,
    ...squares,
    '</g></svg>',
  ].join('');
}

/** Returns a sign for a character that would not be seen; the end of a target has one, too. */
const visible = (character: string): string =>
  character === '' ? '⏎' : /^[\s\p{C}]$/u.test(character) ? '␣' : character;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
