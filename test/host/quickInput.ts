// VS Code's quick input: the palette, its lists and its boxes for a text. It is one widget, which every
// question takes over from the last one; so keys go to its input, and only when that is there.
import type { Locator, Page } from 'playwright-core';

const patience = 120_000;
/** The milliseconds after which a question is typed again for the first time; each time it is waited for longer. */
const retypeAfter = 1_000;
const pressAgainAfter = 10_000;

export class QuickInput {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get widget(): Locator {
    return this.#page.locator('.quick-input-widget:visible');
  }

  get input(): Locator {
    return this.widget.locator('input.input');
  }

  get rows(): Locator {
    return this.widget.locator('.monaco-list-row');
  }

  /** Returns the rows with exactly this label. */
  row(label: string): Locator {
    return this.rows.filter({ has: this.#page.locator('.label-name').getByText(label, { exact: true }) });
  }

  /** Opens the palette. */
  async commands(): Promise<void> {
    await this.#summon('F1', 'Type the name of a command');
  }

  /** Opens the list of files, which also goes to a line. */
  async files(): Promise<void> {
    await this.#summon('ControlOrMeta+P', 'Search files by name');
  }

  /**
   * Opens a list by its key. It does not wait for the keyboard focus, which an editor that opens late may
   * take until something is filled in.
   */
  async #summon(key: string, placeholder: string): Promise<void> {
    await this.#close();
    const list = this.widget.getByPlaceholder(placeholder);
    let tries = 0;
    do {
      if (tries++ * pressAgainAfter > patience) throw new Error(`Nothing asks for '${placeholder}'.`);
      // A window that has just been loaded, or a dialog that is closing, does not react to the key.
      await this.#page.keyboard.press(key);
    } while (!(await appears(list, pressAgainAfter)));
  }

  /**
   * Closes a question that is still open, without an answer: the key that opens a list would move through an
   * open one.
   */
  async #close(): Promise<void> {
    if (!(await this.input.isVisible())) return;
    // An error means that it is closing already.
    await this.input.press('Escape', { timeout: retypeAfter }).catch(() => {});
    await this.widget.waitFor({ state: 'hidden' });
  }

  /**
   * Chooses the row with this label; resolves when it is taken.
   * @param query the text that finds it
   */
  async choose(label: string, query = label): Promise<void> {
    const row = this.row(label).first();
    // An open list does not learn of commands that an extension adds a moment later: typing again asks again.
    let tries = 0;
    let waited = 0;
    do {
      if (waited > patience) throw new Error(`VS Code offers nothing named '${label}'.`);
      await this.input.fill(query + ' '.repeat(tries++ % 2));
      waited += tries * retypeAfter;
    } while (!(await appears(row, tries * retypeAfter)));
    await this.#goTo(label);
    await this.input.press('Enter');
    await row.waitFor({ state: 'hidden' });
  }

  /** Ticks the row with this label in a list where several can be chosen. */
  async check(label: string): Promise<void> {
    await this.input.fill(label);
    await this.row(label).locator('.monaco-checkbox').click();
    await this.row(label).locator('.monaco-checkbox.checked').waitFor();
  }

  /** Waits for the question, which stands below the box, and answers it; resolves when it is not asked any more. */
  async answer(question: string, text: string): Promise<void> {
    const asked = this.widget.getByText(question);
    await asked.waitFor();
    await this.input.fill(text);
    await this.input.press('Enter');
    await asked.waitFor({ state: 'hidden' });
  }

  /**
   * Moves to a row by the arrow keys, because the row that was used last comes first. A row under the mouse
   * hides its neighbours.
   */
  async #goTo(label: string): Promise<void> {
    const active = () => this.input.getAttribute('aria-activedescendant');
    const chosen = this.row(label).and(this.#page.locator('.focused'));
    while (!(await chosen.isVisible())) {
      const before = await active();
      await this.input.press('ArrowDown');
      const moved = this.widget.locator(`input.input:not([aria-activedescendant="${before}"])`);
      await moved.or(chosen).first().waitFor();
    }
  }
}

export function appears(locator: Locator, timeout: number): Promise<boolean> {
  return succeeds(locator.waitFor({ timeout }));
}

export function succeeds(step: Promise<unknown>): Promise<boolean> {
  return step.then(
    () => true,
    () => false,
  );
}
