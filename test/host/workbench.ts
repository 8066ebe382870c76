// Drives and reads VS Code's window in a browser page the way a user does.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { format } from 'node:util';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { appears, QuickInput, succeeds } from './quickInput.ts';
import type { Server } from './server.ts';

export interface WorkbenchOptions {
  folder?: string;
  file?: string;
  /** An extension that runs from its source folder. */
  extensionDevelopmentPath?: string;
  /** A module whose `run()` the extension host calls when the window is up. */
  extensionTestsPath?: string;
  /** Is called with each message of the extension host's console; `onExit` gets the result of the tests. */
  onLog?: (severity: string, message: string) => void;
  onExit?: (code: number) => void;
}

/**
 * The limit in milliseconds for one step of the user's, such as a click; a step that takes longer is broken.
 * Training is awaited without a limit.
 */
const stepLimit = 120_000;
/** The limit in milliseconds for a hover, which closes by itself and is opened again. */
const hoverLimit = 5_000;
/** The milliseconds for which a typist pauses to see whether something is suggested. */
const glance = 1_000;
/** A number of lines and of columns that no text has. */
const beyond = 999_999_999;

const ghost = '.ghost-text-decoration, .ghost-text-decoration-preview';
/**
 * An expression that reads the suggestion in the page, in one go, because it is drawn anew with every letter.
 */
const shownSuggestion = `[...document.querySelectorAll('${ghost}')].map((each) => each.innerText).join('').replaceAll('\\u00a0', ' ')`;

export const themes = {
  light: { name: 'Light Modern', className: 'vs', webviewClassName: 'vscode-light' },
  dark: { name: 'Dark Modern', className: 'vs-dark', webviewClassName: 'vscode-dark' },
  contrast: {
    name: 'Dark High Contrast',
    className: 'hc-black',
    webviewClassName: 'vscode-high-contrast',
  },
  contrastLight: {
    name: 'Light High Contrast',
    className: 'hc-light',
    webviewClassName: 'vscode-high-contrast-light',
  },
};
export type Theme = keyof typeof themes;

export class Workbench implements AsyncDisposable {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
    this.quickInput = new QuickInput(page);
  }

  static async open(server: Server, options: WorkbenchOptions): Promise<Workbench> {
    const browser = await launchChromium();
    try {
      // Without a graphics card, each frame of an animation costs the processor five milliseconds, and the palette, a
      // theme and each scrolling have animations: they cost the tests more time than what is tested.
      const page = await browser.newPage({
        viewport: { width: 1440, height: 900 },
        reducedMotion: 'reduce',
      });
      page.setDefaultTimeout(stepLimit);
      await page.exposeFunction('codeAutomationLog', (severity: string, args: unknown[]) =>
        options.onLog?.(severity, format(...args)),
      );
      await page.exposeFunction('codeAutomationExit', (code: number) => options.onExit?.(code));
      await page.goto(address(server, options));
      await page.locator('.monaco-workbench').waitFor();
      return new Workbench(browser, page);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Resolves, with what happened, when the page or its browser is no more. */
  get lost(): Promise<string> {
    return new Promise((resolve) => {
      this.page.once('crash', () => resolve('The page of VS Code crashed.'));
      this.#browser.once('disconnected', () => resolve('The browser ended.'));
    });
  }

  /**
   * Runs a command from the palette by its title, such as 'Unroll: Train on Current File'. It resolves when
   * the command has been requested, not when it is done: VS Code asks the extension host first, before every
   * command that is used for the first time. The same holds for a command behind a key, and a key pressed
   * after it may be faster.
   */
  async command(title: string): Promise<void> {
    await this.quickInput.commands();
    await this.quickInput.choose(title, `>${title}`);
  }

  /** Opens a file of the folder by its name; resolves when it has the keyboard. */
  async open(name: string): Promise<void> {
    await this.quickInput.files();
    await this.quickInput.choose(name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    const editor = `.monaco-editor.focused[data-uri$="/${name}"]`;
    const tooLarge = '.monaco-editor-pane-placeholder:focus';
    await this.page.locator(`${editor}, .notebookOverlay:focus-within, ${tooLarge}`).waitFor();
  }

  /** Opens a text without a file; resolves when it has the keyboard. */
  async newText(): Promise<void> {
    const known = await this.page
      .locator('.monaco-editor[data-uri^="untitled:"]')
      .evaluateAll((editors) =>
        editors.map((editor) => `:not([data-uri="${editor.getAttribute('data-uri')}"])`),
      );
    await this.command('File: New Untitled Text File');
    await this.page.locator(`.monaco-editor.focused[data-uri^="untitled:"]${known.join('')}`).waitFor();
  }

  /** Returns the tab of an open editor by its label. */
  tab(label: string): Locator {
    return this.page.locator('.tab', { hasText: label });
  }

  /** Gives the keyboard to the text that is open on the left. */
  async focusLeft(): Promise<void> {
    const text = this.page
      .locator('.editor-group-container')
      .first()
      .and(this.page.locator('.active'))
      .locator('.monaco-editor.focused');
    if (!(await text.isVisible())) await this.page.keyboard.press('ControlOrMeta+1');
    await text.waitFor();
  }

  /**
   * Puts the cursor into the text that has the keyboard, as near to the place as there is text. Line and
   * column count from 1.
   */
  async goTo(line: number, column: number): Promise<void> {
    const text = this.page.locator('.editor-group-container .monaco-editor.focused');
    await text.waitFor();
    // A key will not do: when it is used for the first time, text that is typed after it would be faster.
    await this.quickInput.files();
    await this.quickInput.input.fill(`:${line}:${column}`);
    await this.quickInput.rows.filter({ hasText: /Press 'Enter' to go to line/ }).waitFor();
    await this.quickInput.input.press('Enter');
    await this.quickInput.widget.waitFor({ state: 'hidden' });
    await text.waitFor();
  }

  /**
   * Applies a quick fix at the cursor. A moment after the cursor has moved, or a mistake has been marked, VS Code asks for the
   * fixes by itself, and half a second later it drops what a key had asked for before: the light bulb says that it has asked.
   */
  async quickFix(title: string): Promise<void> {
    const editor = this.page.locator('.monaco-editor.focused');
    await editor.locator('.lightBulbWidget, [class*="gutter-lightbulb"]').first().waitFor();
    await this.page.keyboard.press('ControlOrMeta+.');
    await this.page.locator('.action-widget .monaco-list-row', { hasText: title }).click();
  }

  /** Puts the cursor at the end of the text that is open on the left. */
  async goToEnd(): Promise<void> {
    await this.focusLeft();
    await this.goTo(beyond, beyond);
  }

  /** Puts the cursor at the end of the notebook's cell that has this text. */
  async goToEndOfCell(text: string): Promise<void> {
    await this.page.locator('.notebookOverlay .cell-editor-container', { hasText: text }).click();
    await this.page.locator('.notebookOverlay .monaco-editor.focused', { hasText: text }).waitFor();
    await this.page.keyboard.press('ControlOrMeta+End');
    await this.page.waitForFunction(`(() => {
      const cell = document.querySelector('.notebookOverlay .monaco-editor.focused');
      const [{ bottom }, cursor] = [cell, cell.querySelector('.cursor')].map((each) => each.getBoundingClientRect());
      return bottom - cursor.bottom < cursor.height;
    })()`);
  }

  /** Types at the cursor of an editor, key by key. */
  async type(text: string): Promise<void> {
    await this.page.locator('.monaco-editor.focused').waitFor();
    await this.page.keyboard.type(text, { delay: 20 });
  }

  /** Returns the cursor's column, from 1. */
  async column(): Promise<number> {
    return (await this.position()).column;
  }

  /**
   * Returns the cursor's line and column, from 1. They are read from the status bar, which may be a moment late, because a
   * line's text contains the suggestion.
   */
  async position(): Promise<{ readonly line: number; readonly column: number }> {
    const said = await this.statusBar.getByText(/Ln \d+, Col \d+/).innerText();
    const [, line, column] = said.match(/Ln (\d+), Col (\d+)/)!;
    return { line: Number(line), column: Number(column) };
  }

  /** Returns the suggestion shown behind the cursor; empty while there is none. */
  ghostText(): Promise<string> {
    return this.page.evaluate(shownSuggestion);
  }

  /**
   * Waits for a suggestion that matches `like`: the one that is shown during typing may be the rest of an
   * earlier one. @throws Error with what the window shows instead
   */
  async suggestion(like = /./): Promise<string> {
    try {
      const found = await this.page.waitForFunction(`${like}.test(${shownSuggestion}) && ${shownSuggestion}`);
      return (await found.jsonValue()) as string;
    } catch (error) {
      const [shown, line, status] = [
        await this.ghostText(),
        await this.page.locator('.monaco-editor.focused .view-line').allInnerTexts(),
        await this.statusBar.innerText(),
      ];
      throw new Error(
        `No suggestion matches ${like}: '${shown}' is shown in '${line.at(-1)}', with the status '${status}'.`,
        { cause: error },
      );
    }
  }

  /** Types `text`, pausing after every character, until something is suggested. */
  async typeUntilSuggested(text: string): Promise<{ typed: string; suggestion: string }> {
    for (let length = 1; length <= text.length; length++) {
      await this.type(text[length - 1]);
      if (await appears(this.ghost.first(), glance))
        return { typed: text.slice(0, length), suggestion: await this.suggestion() };
    }
    throw new Error(`Nothing was suggested while '${text}' was typed.`);
  }

  get ghost(): Locator {
    return this.page.locator(ghost);
  }

  /** Writes the open file to disk; resolves when VS Code no longer shows it as changed. */
  async save(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+S');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'hidden' });
  }

  get notifications(): Locator {
    return this.page.locator('.notification-list-item');
  }

  /** Waits for a notification in the notification centre: a VS Code that is driven shows no toasts. */
  async notification(text: string | RegExp): Promise<Locator> {
    const shown = this.notifications.filter({ hasText: text }).first();
    const closed = this.page.locator('.monaco-workbench:not(:has(.notifications-center.visible))');
    // It closes by itself when the last notification goes, though the next may be on its way.
    do {
      await this.command('Notifications: Show Notifications');
      await shown.or(closed).first().waitFor();
    } while (!(await shown.isVisible()));
    return shown;
  }

  async clearNotifications(): Promise<void> {
    await this.command('Notifications: Clear All Notifications');
    await this.notifications.first().waitFor({ state: 'hidden' });
  }

  /**
   * Follows a link in the hover of an item. The hover closes, and is opened again, when the mouse takes too
   * long.
   */
  async clickInHover(item: Locator, text: string): Promise<void> {
    const link = this.page.locator('.monaco-hover a', { hasText: text }).last();
    let tries = 0;
    do {
      if (tries++ * hoverLimit > stepLimit) throw new Error(`Nothing says '${text}' when it is hovered.`);
      await this.page.mouse.move(0, 0);
      await item.hover();
    } while (!(await succeeds(link.click({ timeout: hoverLimit }))));
  }

  /** Sets the language of the text that has the keyboard. */
  async setLanguage(language: string): Promise<void> {
    await this.command('Change Language Mode');
    await this.quickInput.choose(language);
    await this.statusBar.getByText(language, { exact: true }).waitFor();
    await this.page.locator('.editor-group-container .monaco-editor.focused').waitFor();
  }

  /** Chooses an item of the open menu. A menu that has just opened does not take a click. */
  async menu(name: string): Promise<void> {
    const item = this.page.getByRole('menuitem', { name });
    await item.hover();
    await this.page.locator('.action-item.focused').filter({ has: item }).waitFor();
    await this.page.keyboard.press('Enter');
    await item.waitFor({ state: 'hidden' });
  }

  get statusBar(): Locator {
    return this.page.locator('.part.statusbar');
  }

  /** Returns the document inside a webview of the extension `publisher.name`. */
  panel(extension: string): FrameLocator {
    return this.page
      .frameLocator(`iframe.webview[src*="extensionId=${extension}"]`)
      .frameLocator('iframe#active-frame');
  }

  /**
   * Reloads the window by the command, which saves the layout before; resolves when the window is there
   * again.
   */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.command('Developer: Reload Window');
    await loaded;
    await this.page.locator('.monaco-workbench').waitFor();
  }

  async setTheme(theme: Theme): Promise<void> {
    const { name, className } = themes[theme];
    await this.command('Preferences: Color Theme');
    await this.quickInput.choose(name);
    await this.page.locator(`.monaco-workbench.${className}`).waitFor();
  }

  async screenshot(path: string): Promise<void> {
    mkdirSync(dirname(path), { recursive: true });
    await this.page.screenshot({ path });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

/**
 * Returns the address under which the server shows a window; `payload` is the parameter that VS Code's own
 * tests use.
 */
export function address({ host }: Server, options: WorkbenchOptions = {}): string {
  const remote = (path: string | undefined) => path && `vscode-remote://${host}${path}`;
  const payload = Object.entries({
    extensionDevelopmentPath: remote(options.extensionDevelopmentPath),
    extensionTestsPath: remote(options.extensionTestsPath),
    openFile: remote(options.file),
    skipWelcome: 'true',
  }).filter(([, value]) => value);
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (options.folder) query.set('folder', options.folder);
  return `http://${host}/?${query}`;
}
