// A window of VS Code with the packaged extension, on a folder of its own.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import axe from 'axe-core';
import type { FrameLocator } from 'playwright-core';
import { vsix } from '../../scripts/package.ts';
import { type Server, startServer } from '../host/server.ts';
import { root } from '../host/tools.ts';
import { type Theme, themes, Workbench } from '../host/workbench.ts';

/** Settings with which a model learns a log by heart in a few seconds. */
export const quickSettings = {
  'unroll.model.layers': 'GRU 32',
  'unroll.train.k1': 20,
  'unroll.train.k2': 20,
  'unroll.train.batch': 16,
  'unroll.train.learningRate': 0.01,
  'unroll.train.seconds': null,
  'unroll.train.epochs': 6,
  'editor.wordBasedSuggestions': 'off',
  'editor.quickSuggestions': { other: 'off' },
  'workbench.colorTheme': 'Dark Modern',
};

/** The variable of the environment that names a folder with the installed extension. */
export const extensionsVariable = 'UNROLL_TEST_EXTENSIONS';

export class Session implements AsyncDisposable {
  /** The sessions that are not disposed of. */
  static readonly all = new Set<Session>();

  readonly folder: string;
  readonly server: Server;
  readonly code: Workbench;
  /** The addresses beyond this machine that the window requested. */
  readonly foreign: string[] = [];
  /** The errors in the window, as its console words them. */
  readonly errors: string[] = [];

  private constructor(folder: string, server: Server, code: Workbench) {
    this.folder = folder;
    this.server = server;
    this.code = code;
    code.page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (/^(http|ws)s?:$/.test(protocol) && !/^(127\.0\.0\.1|localhost|.*\.vscode-cdn\.net)$/.test(hostname))
        this.foreign.push(request.url());
    });
    code.page.on('pageerror', ({ message }) => this.errors.push(message));
    code.page.on('console', (message) => {
      // The console's format prefix and the place in VS Code are left out.
      if (message.type() === 'error') this.errors.push(message.text().replace(/^%c\s*|\n.*/gs, ''));
    });
    Session.all.add(this);
  }

  /** @param files contents by paths within the folder. @param open the file that is open at first */
  static async start(
    files: Readonly<Record<string, string | Uint8Array>>,
    open: string | null,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<Session> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'unroll-e2e-')));
    for (const [name, contents] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), contents);
    }
    const installed = process.env[extensionsVariable];
    const server = await startServer({
      ...(installed ? { extensions: installed } : { vsix: [vsix] }),
      settings: { ...quickSettings, ...settings },
    });
    const code = await Workbench.open(server, { folder });
    // The address does not name the file: after a reload, such a window would not open what it had.
    const session = new Session(folder, server, code);
    if (open) await code.open(open);
    return session;
  }

  get panel(): FrameLocator {
    return this.code.panel('unroll.unroll');
  }

  /**
   * Replaces the settings of the folder in the editor, as users do: VS Code may miss that another program has changed the
   * file.
   */
  async saveSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const { code } = this;
    await code.open('settings.json');
    await code.page.keyboard.press('Control+A');
    await code.page.keyboard.insertText(JSON.stringify(settings));
    await code.page.locator('.tab.active.dirty').waitFor();
    await code.page.keyboard.press('Control+S');
    await code.page.locator('.tab.active:not(.dirty)[data-resource-name="settings.json"]').waitFor();
    await code.command('View: Close Editor');
  }

  /** Resolves when the panel shows a run in this state. */
  async status(status: 'empty' | 'running' | 'paused' | 'ended' | 'failed'): Promise<void> {
    await this.panel.locator(`body[data-status=${status}]`).waitFor({ timeout: 0 });
  }

  async figure(name: string): Promise<string> {
    const is = this.panel.getByText(name, { exact: true });
    return this.panel.locator('#figures div').filter({ has: is }).locator('dd').innerText();
  }

  /** Returns the rules of axe-core that the panel violates in a theme, with the HTML that violates them. */
  async violations(theme: Theme): Promise<[rule: string, html: string[]][]> {
    await this.code.setTheme(theme);
    await this.panel.locator(`body.${themes[theme].webviewClassName}`).waitFor();
    const body = await this.panel.locator('body').elementHandle();
    const frame = (await body!.ownerFrame())!;
    await frame.evaluate(axe.source);
    const { violations } = (await frame.evaluate(
      "axe.run({ resultTypes: ['violations'] })",
    )) as axe.AxeResults;
    return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
  }

  async screenshot(name: string): Promise<void> {
    await this.code.screenshot(join(root, 'out/screenshots', `${name}.png`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    Session.all.delete(this);
    try {
      await this.code[Symbol.asyncDispose]();
      await this.server[Symbol.asyncDispose]();
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

/** Returns a log such as a server writes, with numbers that differ. */
export function log(lines: number): string {
  const say = [
    (n: number) => `INFO session opened for user admin by (uid=${n % 7})`,
    (n: number) => `WARN connection closed by 10.0.0.${n % 90} port ${4000 + n}`,
    (n: number) => `INFO accepted password for admin from 10.0.0.${n % 90} port ${4000 + n}`,
  ];
  return Array.from(
    { length: lines },
    (_, n) => `Jan 10 06:${String(n % 60).padStart(2, '0')} ${say[(n * 7 + Math.floor(n / 3)) % 3](n)}\n`,
  ).join('');
}
