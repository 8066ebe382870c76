// Builds the frame that all figures share: a caption with its buttons, the picture, and below it a sentence that says
// what the picture shows now.
import { element } from './element.ts';

export interface FigureWords {
  readonly caption: string;
  /** The description that a screen reader says. */
  readonly label: string;
}

export interface Saving {
  save(name: string, kind: 'csv' | 'png' | 'svg', content: string): void;
}

export class Frame {
  readonly element: HTMLElement;
  readonly #caption = element('span');
  readonly #note = element('small');
  readonly #tools = element('div', { className: 'tools' });
  readonly #says = element('p', { className: 'says' });
  /** The buttons, whose titles begin with the caption. */
  readonly #buttons: { readonly button: HTMLButtonElement; title(caption: string): string }[] = [];

  /** @param name the id of the figure, and the name of the files that it is saved as */
  constructor(name: string, picture: HTMLElement, ...tools: HTMLElement[]) {
    this.#tools.append(...tools);
    this.element = element(
      'figure',
      { id: name },
      element('figcaption', {}, this.#caption, this.#note, this.#tools),
      picture,
      this.#says,
    );
  }

  button(textContent: string, title: (caption: string) => string, act: () => void): void {
    const made = element('button', { type: 'button', className: 'quiet', textContent });
    made.addEventListener('click', act);
    this.#buttons.push({ button: made, title });
    this.#tools.append(made);
  }

  set caption(text: string) {
    this.#caption.textContent = text;
    for (const { button, title } of this.#buttons) button.title = title(text);
  }

  /** Sets the note beside the caption. @returns whether it is another one than before */
  note(text: string): boolean {
    if (text === this.#note.textContent) return false;
    this.#note.textContent = text;
    return true;
  }

  /** Sets the sentence that says what the picture shows now. */
  set says(text: string) {
    if (text !== this.#says.textContent) this.#says.textContent = text;
  }
}
