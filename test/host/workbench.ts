// VS Code's window in a browser page, driven and read the way a user does it.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { format } from 'node:util';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import type { Server } from './server.ts';

export interface WorkbenchOptions {
  folder?: string;
  file?: string;
  /** An extension that runs from its source folder. */
  extensionDevelopmentPath?: string;
  /** A module whose `run()` the extension host calls when the window is up. */
  extensionTestsPath?: string;
  /** Gets the extension host's console, and the result of `extensionTestsPath`. */
  onLog?: (severity: string, message: string) => void;
  onExit?: (code: number) => void;
}

/** For one step of the user's, such as a click: what takes longer is broken. Training is awaited without a limit. */
const stepLimit = 60_000;
const retypeAfter = 1_000;
/** How long a typist pauses to see whether something is suggested. */
const glance = 1_000;

export const themes = {
  light: { name: 'Light Modern', className: 'vs', webviewClassName: 'vscode-light' },
  dark: { name: 'Dark Modern', className: 'vs-dark', webviewClassName: 'vscode-dark' },
  contrast: {
    name: 'Default High Contrast',
    className: 'hc-black',
    webviewClassName: 'vscode-high-contrast',
  },
  contrastLight: {
    name: 'Default High Contrast Light',
    className: 'hc-light',
    webviewClassName: 'vscode-high-contrast-light',
  },
};
export type Theme = keyof typeof themes;

export class Workbench implements AsyncDisposable {
  readonly page: Page;
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  static async open(server: Server, options: WorkbenchOptions): Promise<Workbench> {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
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

  /** Runs a command from the palette by its title, 'Unroll: Train on Current File'. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.#pick(`>${title}`, title);
  }

  /** Opens a file of the folder by its name. */
  async open(name: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+P');
    await this.#pick(name, name);
    await this.tab(name).waitFor();
  }

  async #pick(query: string, label: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget:visible');
    const row = widget.locator('.monaco-list-row', { hasText: label }).first();
    // An open list does not learn of commands that an extension adds a moment later: typing again asks again.
    for (let tries = stepLimit / retypeAfter; tries > 0; tries--) {
      await widget.locator('input.input').fill('');
      await widget.locator('input.input').fill(query);
      if (await appears(row, retypeAfter)) return row.click();
    }
    throw new Error(`VS Code offers nothing named '${label}'.`);
  }

  /** The tab of an open editor by its label. */
  tab(label: string): Locator {
    return this.page.locator('.tab', { hasText: label });
  }

  /** Puts the cursor at the end of the text that is open on the left. */
  async goToEnd(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+1');
    await this.page.locator('.editor-group-container .monaco-editor.focused').waitFor();
    await this.page.keyboard.press('ControlOrMeta+End');
  }

  /** Types at the cursor, key by key. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 20 });
  }

  /** The suggestion shown behind the cursor; waits until there is one. */
  async ghostText(): Promise<string> {
    await this.ghost.first().waitFor();
    return (await this.ghost.allInnerTexts()).join('').replaceAll('\u00a0', ' ');
  }

  /** Types `text`, pausing after every character, until something is suggested. */
  async typeUntilSuggested(text: string): Promise<{ typed: string; suggestion: string }> {
    for (let length = 1; length <= text.length; length++) {
      await this.type(text[length - 1]);
      if (await appears(this.ghost.first(), glance))
        return { typed: text.slice(0, length), suggestion: await this.ghostText() };
    }
    throw new Error(`Nothing was suggested while '${text}' was typed.`);
  }

  get ghost(): Locator {
    return this.page.locator('.ghost-text-decoration, .ghost-text-decoration-preview');
  }

  /** Writes the open file to disk; resolves when VS Code no longer shows it as changed. */
  async save(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+S');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'hidden' });
  }

  get notifications(): Locator {
    return this.page.locator('.notification-list-item');
  }

  get statusBar(): Locator {
    return this.page.locator('.part.statusbar');
  }

  /** The document inside a webview of the extension `publisher.name`. */
  panel(extension: string): FrameLocator {
    return this.page
      .frameLocator(`iframe.webview[src*="extensionId=${extension}"]`)
      .frameLocator('iframe#active-frame');
  }

  /** By the command, which saves the layout before; resolves when the window is there again. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.command('Developer: Reload Window');
    await loaded;
    await this.page.locator('.monaco-workbench').waitFor();
  }

  async setTheme(theme: Theme): Promise<void> {
    const { name, className } = themes[theme];
    await this.command('Preferences: Color Theme');
    await this.#pick(name, name);
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

function appears(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}

/** The address under which the server shows a window; `payload` is the way in that VS Code's own tests use. */
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
