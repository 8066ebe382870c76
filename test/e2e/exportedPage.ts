// Opens a model that was exported for web pages as a user would: its folder is served, and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../host/chromium.ts';

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  json: 'application/json',
};

export class ExportedPage implements AsyncDisposable {
  /** The errors of the page, and the files that it did not find in the folder. */
  readonly failures: string[] = [];
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
    page.on('pageerror', ({ message }) => this.failures.push(message));
    page.on('requestfailed', (request) => this.failures.push(`${request.url()} is not in the folder`));
  }

  static async open(folder: string): Promise<ExportedPage> {
    const browser = await launchChromium();
    const page = await browser.newPage();
    const opened = new ExportedPage(browser, page);
    await page.route('**', (route) => route.abort());
    await page.route('http://web.test/**', (route) => {
      const path = new URL(route.request().url()).pathname;
      const contentType = types[path.split('.').at(-1)!] ?? 'application/octet-stream';
      return route.fulfill({ body: readFileSync(join(folder, path)), contentType });
    });
    await page.goto('http://web.test/index.html');
    await page.getByText('Trained on', { exact: false }).waitFor();
    return opened;
  }

  /** Returns the likeliest text, once it has this length. */
  async write(beginning: string, length: number): Promise<string> {
    await this.#page.getByLabel('Beginning').fill(beginning);
    await this.#page.getByLabel('Temperature').fill('0.001');
    await this.#page.getByRole('button', { name: 'Write' }).click();
    await this.#page.waitForFunction(`document.querySelector('#text').textContent.length >= ${length}`);
    return this.#page.locator('#text').innerText();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}
