// Runs VS Code's server on a port of its own, with a fresh profile, for as long as this process lives.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { installServer } from './install.ts';
import { run } from './tools.ts';

export type Settings = Record<string, unknown>;

export interface ServerOptions {
  /** Extensions to install from packages, as a user would. */
  vsix?: string[];
  /** A folder that {@link installExtensions} has made, which is copied. */
  extensions?: string | undefined;
  /** The user's settings, which override {@link quiet}. */
  settings?: Settings;
  /** Variables that are added to the environment of the extension host. */
  env?: NodeJS.ProcessEnv;
  /** Whether VS Code asks for trust in a folder before extensions may run there. */
  askTrust?: boolean;
}

export interface Server extends AsyncDisposable {
  readonly host: string;
  /** The folder in which VS Code and its extensions keep their logs. */
  readonly logs: string;
  /** Resolves, with the last lines of its log, when the server has ended, wanted or not. */
  readonly ended: Promise<string>;
}

/**
 * The settings that keep a fresh profile quiet and like a desktop's: in a browser VS Code saves by itself.
 */
const quiet: Settings = {
  'files.autoSave': 'off',
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.quickOpen.closeOnFocusLost': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
};

const license = '--accept-server-license-terms';
const linesKept = 40;

/** Installs extensions from packages into a folder. */
export async function installExtensions(vsix: readonly string[], folder: string): Promise<void> {
  if (vsix.length === 0) return;
  const entry = await installServer();
  // The installer has data of its own, besides the extensions.
  const data = mkdtempSync(join(tmpdir(), 'unroll-vscode-'));
  const where = ['--server-data-dir', data, '--extensions-dir', folder];
  const install = vsix.flatMap((path) => ['--install-extension', path]);
  try {
    await run(process.execPath, [entry, ...install, '--force', license, ...where]);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const entry = await installServer();
  const profile = realpathSync(mkdtempSync(join(tmpdir(), 'unroll-vscode-')));
  const dataDir = ['--server-data-dir', profile];
  const extensions = join(profile, 'extensions');
  if (options.extensions) cpSync(options.extensions, extensions, { recursive: true });
  await installExtensions(options.vsix ?? [], extensions);

  const user = join(profile, 'data', 'User');
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, 'settings.json'), JSON.stringify({ ...quiet, ...options.settings }));

  const flags = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token', license, ...dataDir];
  const test = ['--enable-smoke-test-driver', '--disable-telemetry'];
  const trust = options.askTrust ? [] : ['--disable-workspace-trust'];
  const tether = [join(import.meta.dirname, 'tether.ts'), profile];
  const child = spawn(process.execPath, [...tether, process.execPath, entry, ...flags, ...test, ...trust], {
    detached: true, // A Ctrl+C in the terminal must reach this process alone, so that the tether can clean up.
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });

  const log: string[] = [];
  const listening = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => {
      log.push(line);
      if (log.length > linesKept) log.shift();
      const port = /^Extension host agent listening on (\d+)/.exec(line)?.[1];
      if (port) listening.resolve(`127.0.0.1:${port}`);
    });
  const ended = new Promise<string>((resolve) => child.on('close', () => resolve(log.join('\n'))));
  ended.then((lines) => listening.reject(new Error(`VS Code's server did not start:\n${lines}`)));

  return {
    host: await listening.promise,
    logs: join(profile, 'data', 'logs'),
    ended,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
