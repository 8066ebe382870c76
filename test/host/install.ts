// Installs a VS Code without a desktop and without a download from anywhere but npm's registry: the package
// `code-server` contains VS Code's own server and workbench. Only those are used; the wrapper around them is
// not.
import { existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { canInstallFromDebian, installFromDebian, root, run, say, which } from './tools.ts';

/** code-server 4.139.1 is VS Code 1.139.1; it carries a lock of every package below it. */
const version = '4.139.1';
const folder = join(root, '.vscode-test', `code-server-${version}`);
const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');

/** Installs VS Code's server unless it is there, and returns its entry file. */
export async function installServer(): Promise<string> {
  const entry = join(vscode, 'out', 'server-main.js');
  const stamp = join(folder, 'installed');
  if (existsSync(stamp)) return entry;
  if (process.platform === 'win32')
    throw new Error('The VS Code host runs on Linux and macOS. On Windows, run it inside WSL.');
  await haveCompiler();

  say(`Installing VS Code (code-server ${version}) into ${folder} …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  // The install scripts would compile modules that only the wrapper and the terminal need.
  await npm(folder, 'install', '--ignore-scripts', '--save-exact', `code-server@${version}`);
  await npm(vscode, 'install', '--ignore-scripts', '--omit=dev');
  // The extension host loads these native modules at its start; the others load lazily.
  await npm(vscode, 'rebuild', '@vscode/spdlog', '@vscode/native-watchdog');
  writeFileSync(stamp, '');
  return entry;
}

function npm(cwd: string, ...args: string[]): Promise<void> {
  const headers = nodeHeaders();
  const env = { ...process.env, ...(headers ? { npm_config_nodedir: headers } : {}) };
  return run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env });
}

/**
 * Returns the folder in which the machine's own Node keeps its C headers. Node-API is the same in every
 * version, so they serve for the Node that runs here, which npm delivers without headers; otherwise node-gyp
 * fetches them from nodejs.org.
 */
function nodeHeaders(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((path) => join(path, 'node'))
    .filter((node) => existsSync(node))
    .map((node) => dirname(dirname(realpathSync(node))))
    .find((prefix) => existsSync(join(prefix, 'include', 'node', 'node_api.h')));
}

async function haveCompiler(): Promise<void> {
  const missing = [['g++', 'c++'], ['make'], ['python3']].filter((names) => !which(...names));
  if (missing.length === 0) return;
  if (canInstallFromDebian) return installFromDebian('build-essential', 'python3');
  const names = missing.map(([name]) => name).join(', ');
  throw new Error(
    `VS Code's server compiles two small modules and needs ${names}. Install them and run this again.`,
  );
}
