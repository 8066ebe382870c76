// A chart with its caption and its buttons.
import { element } from './element.ts';
import { t } from './l10n.ts';
import type { Link } from './link.ts';

export interface FigureWords {
  readonly caption: string;
  /** The description that a screen reader says. */
  readonly label: string;
}

export interface FigureText extends FigureWords {
  /** The name of the files that the figure is saved as. */
  readonly name: string;
  /** Whether the x-axis is the steps of the training, which can be zoomed. */
  readonly zooms: boolean;
}

export interface Saving {
  save(name: string, kind: 'csv' | 'png', content: string): void;
}

const help = t(
  'Arrow keys move the cursor, with Shift the stretch that is shown; plus and minus zoom, 0 shows everything.',
);

export class Figure {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly #caption = element('span');
  readonly #note = element('small');
  readonly #zooms: boolean;
  /** The buttons, whose titles begin with the caption. */
  readonly #buttons: { readonly button: HTMLButtonElement; title(caption: string): string }[] = [];
  #words: FigureWords | null = null;
  /** Returns the numbers that the chart shows, as CSV. */
  csv: () => string = () => '';

  constructor({ name, zooms, ...words }: FigureText, link: Link, { save }: Saving, ...tools: HTMLElement[]) {
    this.#zooms = zooms;
    this.canvas = element('canvas', { tabIndex: 0 });
    this.canvas.setAttribute('role', 'img');
    this.canvas.addEventListener('keydown', (event) => {
      if (link.key(event)) event.preventDefault();
    });
    const button = (textContent: string, title: (caption: string) => string, act: () => void) => {
      const made = element('button', { type: 'button', className: 'quiet', textContent });
      made.addEventListener('click', act);
      this.#buttons.push({ button: made, title });
      return made;
    };
    const showAll = () =>
      button(
        t('Show all'),
        (caption) => t('{0}: show all steps (Ctrl with the wheel and Shift with the mouse zoom)', caption),
        () => link.reset(),
      );
    const png = button(
      'PNG',
      (caption) => t('{0}: save as a picture', caption),
      () => save(`${name}.png`, 'png', this.#png()),
    );
    const csv = button(
      'CSV',
      (caption) => t('{0}: save the numbers', caption),
      () => save(`${name}.csv`, 'csv', this.csv()),
    );
    this.element = element(
      'figure',
      { id: name },
      element(
        'figcaption',
        {},
        this.#caption,
        this.#note,
        element('div', { className: 'tools' }, ...tools, ...(zooms ? [showAll()] : []), png, csv),
      ),
      element('div', { className: 'chart' }, this.canvas),
    );
    this.words = words;
  }

  /** Sets what the figure is called, which depends on the run that it shows. */
  set words(words: FigureWords) {
    const { caption, label } = words;
    if (caption === this.#words?.caption && label === this.#words.label) return;
    this.#words = words;
    this.#caption.textContent = caption;
    this.canvas.setAttribute('aria-label', `${label}.${this.#zooms ? ` ${help}` : ''}`);
    for (const { button, title } of this.#buttons) button.title = title(caption);
  }

  /** Sets the note beside the caption, which is also the chart's description for screen readers. */
  set note(text: string) {
    if (text === this.#note.textContent) return;
    this.#note.textContent = text;
    this.canvas.ariaDescription = text;
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
