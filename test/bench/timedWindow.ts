// A window of VS Code with the packaged extension, in which keystrokes are timed: the page notes when a key goes down, when the
// lines of the editor are drawn next and when ghost text is there, and a probe in the extension host (`editorProbe`) notes how
// late its timers are and when it hears of a change. All times are in milliseconds, by the clock of the machine.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageExtension, vsix } from '../../scripts/package.ts';
import { type Server, type Settings, startServer } from '../host/server.ts';
import { Workbench } from '../host/workbench.ts';

/** A key, and what followed it before the next one; null where nothing did. */
interface Keystroke {
  readonly at: number;
  drawn: number | null;
  ghost: number | null;
}

/** The probe writes this once a second, of the time since it wrote last. */
interface ProbeReport {
  readonly at: number;
  /** How late each timer was. */
  readonly late: readonly number[];
  /** The times at which the host heard of changes of a text. */
  readonly changed: readonly number[];
}

/** The times that keys took, and those by which the timers of the extension host were late meanwhile. */
export interface KeyTimes {
  /** The milliseconds from a key to the next drawing of the editor's lines. */
  readonly drawn: readonly number[];
  /** The milliseconds from a key to ghost text, of those keys after which some came. */
  readonly ghost: readonly number[];
  /** The milliseconds from a key to the moment at which the extension host knows of a change. */
  readonly known: readonly number[];
  /** How late each timer of the extension host was. */
  readonly late: readonly number[];
}

/** A script that notes keystrokes in the page, in the editor that has the keyboard now. */
const noteKeystrokes = `(() => {
  const now = () => performance.timeOrigin + performance.now();
  if (!window.keystrokes)
    window.addEventListener('keydown', () => window.keystrokes.push({ at: now(), drawn: null, ghost: null }), true);
  window.keystrokes = [];
  new MutationObserver(() => {
    const last = window.keystrokes.at(-1);
    if (!last) return;
    if (last.drawn === null) requestAnimationFrame(() => { last.drawn ??= now(); });
    if (last.ghost === null && document.querySelector('.ghost-text-decoration')) last.ghost = now();
  }).observe(document.querySelector('.monaco-editor.focused .view-lines'), {
    subtree: true, childList: true, characterData: true,
  });
})()`;

/** The milliseconds after the last key in which what the probe notes is still due to the keys. */
const afterLastKey = 1500;

export class TimedWindow implements AsyncDisposable {
  readonly code: Workbench;
  readonly #folder: string;
  readonly #server: Server;
  readonly #probeFile: string;

  private constructor(folder: string, server: Server, code: Workbench, probeFile: string) {
    this.#folder = folder;
    this.#server = server;
    this.code = code;
    this.#probeFile = probeFile;
  }

  /** @param files contents by paths within the folder that the window is opened on */
  static async open(files: Readonly<Record<string, string>>, settings: Settings): Promise<TimedWindow> {
    await packageExtension();
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'unroll-bench-')));
    const workspace = join(folder, 'workspace');
    for (const [name, contents] of Object.entries(files)) {
      mkdirSync(dirname(join(workspace, name)), { recursive: true });
      writeFileSync(join(workspace, name), contents);
    }
    const probeFile = join(folder, 'probe.jsonl');
    writeFileSync(probeFile, '');
    const server = await startServer({ vsix: [vsix], env: { PROBE_FILE: probeFile }, settings });
    const extensionDevelopmentPath = join(import.meta.dirname, 'editorProbe');
    try {
      const code = await Workbench.open(server, { folder: workspace, extensionDevelopmentPath });
      return new TimedWindow(folder, server, code, probeFile);
    } catch (error) {
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Notes keystrokes from now on, in the editor that has the keyboard. */
  async watch(): Promise<void> {
    await this.code.page.evaluate(noteKeystrokes);
  }

  /**
   * Types where the keyboard is, after {@link watch}.
   * @param pause the milliseconds between two keys
   * @param from the time from which on the extension host's timers count
   */
  async type(text: string, pause: number, from = Date.now()): Promise<KeyTimes> {
    const { page } = this.code;
    await page.evaluate('window.keystrokes.length = 0');
    await page.keyboard.type(text, { delay: pause });
    const keystrokes = (await page.evaluate('window.keystrokes')) as Keystroke[];
    const until = Date.now();
    const reports = (await this.#reportsUntil(until)).filter(
      ({ at }) => at > from && at < until + afterLastKey,
    );
    const changed = reports.flatMap((report) => report.changed);
    const since = (timeOf: (key: Keystroke) => number | null | undefined) =>
      keystrokes.flatMap((key) => {
        const time = timeOf(key);
        return time == null ? [] : [time - key.at];
      });
    return {
      drawn: since(({ drawn }) => drawn),
      ghost: since(({ ghost }) => ghost),
      known: since(({ at }) => changed.find((change) => change >= at)),
      late: reports.flatMap(({ late }) => late),
    };
  }

  /** Resolves when the panel shows a run in this state. */
  async status(status: 'running' | 'ended'): Promise<void> {
    await this.code.panel('unroll.unroll').locator(`body[data-status=${status}]`).waitFor({ timeout: 0 });
  }

  /** Returns what the probe has written, once that reaches beyond a time. */
  async #reportsUntil(time: number): Promise<readonly ProbeReport[]> {
    for (;;) {
      const lines = readFileSync(this.#probeFile, 'utf8').trim().split('\n').filter(Boolean);
      const reports: readonly ProbeReport[] = lines.map((line) => JSON.parse(line));
      if (reports.some(({ at }) => at > time)) return reports;
      await this.code.page.waitForTimeout(300);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.code[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
