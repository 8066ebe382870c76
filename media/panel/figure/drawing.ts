// A drawing in SVG with its caption and its buttons. Its parts can be pointed at, with the mouse or the keyboard, and
// a line below the drawing then says what a part is.

import { t } from '../words/l10n.ts';
import { element } from './element.ts';
import type { Saving } from './frame.ts';
import { type FigureWords, Frame } from './frame.ts';
import { InView } from './inView.ts';
import { px, svg } from './svg.ts';
import { readTheme, type Theme } from './theme.ts';

/** A place of a drawing that says something when it is pointed at. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  /** Returns what it says, which is only made where it is pointed at: a drawing may have thousands of spots. */
  says(): string;
  /** The width in pixels over which it reaches to the right; a point by default. */
  readonly width?: number;
  /** Runs when it is clicked, or Enter is pressed. */
  act?(): void;
}

export interface Drawn {
  readonly height: number;
  readonly parts: readonly SVGElement[];
  readonly spots: readonly Spot[];
}

/** Draws something in a width in pixels; null where there is nothing to draw. */
export type Draw = (width: number, theme: Theme) => Drawn | null;

/** The distance in pixels within which the pointer is at a spot. */
const reach = 24;

const help = t('Arrow keys move from part to part.');

export class Drawing {
  readonly #frame: Frame;
  readonly #svg = svg('svg', { role: 'img', tabindex: 0 });
  readonly #ring = svg('circle', { r: 9, fill: 'none', 'stroke-width': 1.5, visibility: 'hidden' });
  readonly #readout = element('p', { className: 'readout' });
  #draw: Draw = () => null;
  #spots: readonly Spot[] = [];
  #at = -1;
  /** The width in pixels of what is drawn; 0 before anything is. */
  #width = 0;
  readonly #inView: InView;
  /** Returns the numbers that the drawing shows, as CSV. */
  csv: () => string = () => '';

  constructor(name: string, { caption, label }: FigureWords, { save }: Saving, ...tools: HTMLElement[]) {
    this.#svg.setAttribute('aria-label', `${label}. ${help}`);
    this.#readout.ariaLive = 'polite';
    const picture = element('div', { className: 'drawing' }, this.#svg);
    this.#frame = new Frame(name, picture, ...tools);
    this.#frame.element.append(this.#readout);
    this.#frame.button(
      'SVG',
      (caption) => t('{0}: save as a picture', caption),
      () => save(`${name}.svg`, 'svg', this.#saved()),
    );
    this.#frame.button(
      'CSV',
      (caption) => t('{0}: save the numbers', caption),
      () => save(`${name}.csv`, 'csv', this.csv()),
    );
    this.#frame.caption = caption;
    new ResizeObserver(() => {
      // A drawing that is too wide would widen the page, wherever it is.
      if (Math.floor(picture.clientWidth) !== this.#width) this.#inView.drawNow();
    }).observe(picture);
    this.#inView = new InView(picture, () => this.#redraw());
    this.#svg.addEventListener('pointermove', ({ offsetX, offsetY }) => this.#point(offsetX, offsetY));
    this.#svg.addEventListener('click', ({ offsetX, offsetY }) =>
      this.#spots[this.#nearest(offsetX, offsetY)]?.act?.(),
    );
    this.#svg.addEventListener('pointerleave', () => this.#show(-1));
    this.#svg.addEventListener('keydown', (event) => {
      if (this.#key(event.key)) event.preventDefault();
    });
  }

  get element(): HTMLElement {
    return this.#frame.element;
  }

  set note(text: string) {
    this.#frame.note(text);
  }

  /** Sets the sentence that says what the drawing shows now. */
  set says(text: string) {
    this.#frame.says = text;
    this.#svg.ariaDescription = text;
  }

  /** Draws something else from now on. */
  show(draw: Draw): void {
    this.#draw = draw;
    this.redraw();
  }

  redraw(): void {
    // The page needs the height of the first drawing.
    if (this.#width === 0) this.#inView.drawNow();
    else this.#inView.draw();
  }

  #redraw(): void {
    const width = Math.floor(this.#svg.parentElement!.clientWidth);
    this.#width = width;
    if (width < 50) return;
    const theme = readTheme();
    const drawn = this.#draw(width, theme);
    this.#spots = drawn?.spots ?? [];
    const height = drawn?.height ?? 0;
    for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }))
      this.#svg.setAttribute(name, `${value}`);
    this.#ring.setAttribute('stroke', theme.foreground);
    this.#svg.replaceChildren(...(drawn?.parts ?? []), this.#ring);
    this.#show(this.#at < this.#spots.length ? this.#at : -1);
  }

  #point(x: number, y: number): void {
    this.#show(this.#nearest(x, y));
  }

  #nearest(x: number, y: number): number {
    const distance = (spot: Spot) =>
      Math.hypot(Math.max(spot.x - x, 0, x - spot.x - (spot.width ?? 0)), spot.y - y);
    let nearest = -1;
    for (const [index, spot] of this.#spots.entries())
      if (distance(spot) <= reach && (nearest < 0 || distance(spot) < distance(this.#spots[nearest])))
        nearest = index;
    return nearest;
  }

  #show(index: number): void {
    this.#at = index;
    const spot = this.#spots[index];
    this.#ring.setAttribute('visibility', spot ? 'visible' : 'hidden');
    if (spot) {
      this.#ring.setAttribute('cx', `${px(spot.x)}`);
      this.#ring.setAttribute('cy', `${px(spot.y)}`);
    }
    const says = spot?.says() ?? '';
    if (says !== this.#readout.textContent) this.#readout.textContent = says;
  }

  /** Moves to the nearest spot in a direction. @returns whether the key is one that the drawing knows */
  #key(key: string): boolean {
    const directions: Record<string, readonly [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    if (key === 'Escape') {
      this.#show(-1);
      return true;
    }
    if (key === 'Enter') {
      this.#spots[this.#at]?.act?.();
      return true;
    }
    if (!Object.hasOwn(directions, key)) return false;
    const from = this.#spots[this.#at];
    if (!from) {
      this.#show(this.#spots.length - 1);
      return true;
    }
    const [dx, dy] = directions[key];
    let best = this.#at;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, spot] of this.#spots.entries()) {
      const along = (spot.x - from.x) * dx + (spot.y - from.y) * dy;
      const aside = Math.abs((spot.x - from.x) * dy) + Math.abs((spot.y - from.y) * dx);
      if (along <= 0.5 || aside > 2 * along) continue;
      if (along + 2 * aside < least) [best, least] = [index, along + 2 * aside];
    }
    this.#show(best);
    return true;
  }

  /** Returns the drawing as a file of its own, on the editor's background colour. */
  #saved(): string {
    if (this.#inView.isStale) this.#inView.drawNow();
    const copy = this.#svg.cloneNode(true) as SVGElement;
    const fill = getComputedStyle(document.body).backgroundColor;
    copy.prepend(svg('rect', { width: '100%', height: '100%', fill }));
    return new XMLSerializer().serializeToString(copy);
  }
}
