// A chart with its caption and its buttons.
import { element } from './element.ts';
import { t } from './l10n.ts';
import type { Link } from './link.ts';

export interface FigureText {
  /** The name of the files that the figure is saved as. */
  readonly name: string;
  readonly caption: string;
  /** The description that a screen reader says. */
  readonly label: string;
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
  readonly #note = element('small');
  /** Returns the numbers that the chart shows, as CSV. */
  csv: () => string = () => '';

  constructor(
    { name, caption, label, zooms }: FigureText,
    link: Link,
    { save }: Saving,
    ...tools: HTMLElement[]
  ) {
    this.canvas = element('canvas', { tabIndex: 0 });
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', `${label}.${zooms ? ` ${help}` : ''}`);
    this.canvas.addEventListener('keydown', (event) => {
      if (link.key(event)) event.preventDefault();
    });
    const button = (textContent: string, title: string, act: () => void) => {
      const made = element('button', { type: 'button', className: 'quiet', textContent, title });
      made.addEventListener('click', act);
      return made;
    };
    this.element = element(
      'figure',
      { id: name },
      element(
        'figcaption',
        {},
        element('span', { textContent: caption }),
        this.#note,
        element(
          'div',
          { className: 'tools' },
          ...tools,
          ...(zooms
            ? [
                button(
                  t('Show all'),
                  t('{0}: show all steps (Ctrl with the wheel and Shift with the mouse zoom)', caption),
                  () => link.reset(),
                ),
              ]
            : []),
          button('PNG', t('{0}: save as a picture', caption), () => save(`${name}.png`, 'png', this.#png())),
          button('CSV', t('{0}: save the numbers', caption), () => save(`${name}.csv`, 'csv', this.csv())),
        ),
      ),
      element('div', { className: 'chart' }, this.canvas),
    );
  }

  /** Sets the note beside the caption, which is also the chart's description for screen readers. */
  set note(text: string) {
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
