// A part of the panel that can be folded. Which ones are folded is remembered by the host.
import { element } from './figure/element.ts';

export class Section {
  readonly name: string;
  readonly element: HTMLDetailsElement;
  readonly #children: readonly HTMLElement[];

  /** @param toggled is called when the user folds or unfolds it */
  constructor(name: string, title: string, toggled: () => void, ...children: HTMLElement[]) {
    this.name = name;
    this.#children = children;
    this.element = element(
      'details',
      { id: name, className: 'section', open: true },
      element('summary', {}, element('h2', { textContent: title })),
      element('div', { className: 'grid' }, ...children),
    );
    this.element.addEventListener('toggle', toggled);
  }

  /** Hides the section where all that is in it is hidden. */
  hideEmpty(): void {
    this.element.hidden = this.#children.every(({ hidden }) => hidden);
  }

  get isFolded(): boolean {
    return !this.element.open;
  }

  set isFolded(value: boolean) {
    if (value === this.element.open) this.element.open = !value;
  }
}
