// Draws a table as it stands on the page into a picture, with its colours and texts.
import { element } from '../figure/element.ts';

/** The space around the table in pixels. */
const margin = 8;

/** Returns the table as PNG in base64, on the editor's background colour. */
export function tablePicture(table: HTMLTableElement): string {
  const scale = devicePixelRatio;
  const whole = table.getBoundingClientRect();
  const [width, height] = [whole.width + 2 * margin, whole.height + 2 * margin];
  const canvas = element('canvas', { width: Math.ceil(width * scale), height: Math.ceil(height * scale) });
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, width, height);
  context.translate(margin - whole.left, margin - whole.top);
  for (const cell of table.querySelectorAll<HTMLElement>('caption, th, td')) drawCell(context, cell);
  return canvas.toDataURL('image/png').replace(/^[^,]*,/, '');
}

function drawCell(context: CanvasRenderingContext2D, cell: HTMLElement): void {
  const { left, top, width, height } = cell.getBoundingClientRect();
  const style = getComputedStyle(cell);
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.fillStyle = style.backgroundColor;
  context.fillRect(left, top, width, height);
  context.fillStyle = style.color;
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.textBaseline = 'middle';
  const padding = Number.parseFloat(style.paddingLeft);
  const isRight = style.textAlign === 'right' || style.textAlign === 'end';
  context.textAlign = isRight ? 'right' : 'left';
  const x = isRight ? left + width - padding : left + padding;
  const lines = cell.tagName === 'CAPTION' ? wrapped(context, cell.textContent!, width) : [cell.textContent!];
  for (const [index, line] of lines.entries())
    context.fillText(line, x, top + (height * (index + 0.5)) / lines.length);
  context.restore();
}

/** Breaks a text into lines of a width. */
function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
