// Draws what is in view at once, and what is not when it comes into view: a panel is longer than a window.

/** The distance beyond the window, in pixels, within which something counts as in view. */
const around = '200px';

export class InView {
  readonly #observer: IntersectionObserver;
  readonly #draw: () => void;
  /** Whatever is new is drawn for the first time wherever it is, so that the page has its height. */
  #isInView = true;
  #isStale = false;

  /** @param draw draws `element` as it is to be now */
  constructor(element: Element, draw: () => void) {
    this.#draw = draw;
    this.#observer = new IntersectionObserver(
      (entries) => {
        this.#isInView = entries.at(-1)!.isIntersecting;
        if (this.#isInView && this.#isStale) this.drawNow();
      },
      { rootMargin: around },
    );
    this.#observer.observe(element);
  }

  /** Whether something else is to be drawn than what is there. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** Draws now, or when the element comes into view. */
  draw(): void {
    if (this.#isInView) this.drawNow();
    else this.#isStale = true;
  }

  drawNow(): void {
    this.#isStale = false;
    this.#draw();
  }

  disconnect(): void {
    this.#observer.disconnect();
  }
}
