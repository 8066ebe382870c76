// A chart on a canvas with its caption and its buttons.
import { element } from '../figure/element.ts';
import { type FigureWords, Frame, type Saving } from '../figure/frame.ts';
import { t } from '../words/l10n.ts';
import type { Link } from './link.ts';

export interface FigureText extends FigureWords {
  /** The name of the files that the figure is saved as. */
  readonly name: string;
  /** Whether the x-axis is the steps of the training, which can be zoomed. */
  readonly zooms: boolean;
}

const help = t(
  'Arrow keys move the cursor, and with Shift the range that is shown; plus and minus zoom, 0 shows everything.',
);

export class Figure {
  readonly canvas = element('canvas', { tabIndex: 0 });
  readonly #frame: Frame;
  readonly #zooms: boolean;
  #words: FigureWords | null = null;
  /** Returns the numbers that the chart shows, as CSV. */
  csv: () => string = () => '';

  constructor({ name, zooms, ...words }: FigureText, link: Link, { save }: Saving, ...tools: HTMLElement[]) {
    this.#zooms = zooms;
    this.canvas.setAttribute('role', 'img');
    this.canvas.addEventListener('keydown', (event) => {
      if (zooms && link.key(event)) event.preventDefault();
    });
    this.#frame = new Frame(name, element('div', { className: 'chart' }, this.canvas), ...tools);
    if (zooms)
      this.#frame.button(
        t('Show all'),
        (caption) => t('{0}: show all steps (zoom with Ctrl and the wheel, or Shift and the mouse)', caption),
        () => link.reset(),
      );
    this.#frame.button(
      'PNG',
      (caption) => t('{0}: save as a picture', caption),
      () => save(`${name}.png`, 'png', this.#png()),
    );
    this.#frame.button(
      'CSV',
      (caption) => t('{0}: save the numbers', caption),
      () => save(`${name}.csv`, 'csv', this.csv()),
    );
    this.words = words;
  }

  get element(): HTMLElement {
    return this.#frame.element;
  }

  /** Sets what the figure is called, which depends on the run that it shows. */
  set words(words: FigureWords) {
    const { caption, label } = words;
    if (caption === this.#words?.caption && label === this.#words.label) return;
    this.#words = words;
    this.#frame.caption = caption;
    this.canvas.setAttribute('aria-label', `${label}.${this.#zooms ? ` ${help}` : ''}`);
  }

  /** Sets the note beside the caption, which is also the chart's description for screen readers. */
  set note(text: string) {
    if (this.#frame.note(text)) this.canvas.ariaDescription = text;
  }

  /** Sets the sentence that says what the chart shows now. */
  set says(text: string) {
    this.#frame.says = text;
  }

  /**
   * Returns the chart as PNG on the editor's background colour, because the picture may be put on any other
   * colour.
   */
  #png(): string {
    const { width, height } = this.canvas;
    const picture = element('canvas', { width, height });
    const context = picture.getContext('2d')!;
    context.fillStyle = getComputedStyle(document.body).backgroundColor;
    context.fillRect(0, 0, width, height);
    context.drawImage(this.canvas, 0, 0);
    return picture.toDataURL('image/png').replace(/^[^,]*,/, '');
  }
}
