// Finds programs that the host needs and does not bring, or installs them where that is allowed.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

export const root = dirname(dirname(import.meta.dirname));

/** The file that collects what windows showed when end-to-end tests failed. */
export const failedScreens = join(root, 'out/reports/screens.txt');

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs `program` to its end, with its output on standard error; it does not outlive this process. Rejects
 * when it does not end with 0.
 */
export function run(
  program: string,
  args: string[],
  { cwd = root, env = process.env }: RunOptions = {},
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 2, 2] });
  const end = () => child.kill();
  process.once('exit', end);
  child.on('error', reject);
  child.on('close', (code, signal) => {
    process.off('exit', end);
    if (code === 0) resolve();
    else reject(new Error(`'${program} ${args.join(' ')}' ended with ${signal ?? code}.`));
  });
  return promise;
}

/** Returns the path of the first of `names` that is on PATH. */
export function which(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const canInstallFromDebian = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

export async function installFromDebian(...packages: string[]): Promise<void> {
  say(`Installing ${packages.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', ...packages], { env });
}
