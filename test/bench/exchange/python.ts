// Runs scripts in a Python that has PyTorch.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The environment of the scripts: several processes share few cores. */
export const env = { ...process.env, OMP_NUM_THREADS: '1' };

/** Returns a Python that has PyTorch; Debian's is installed where there is none. */
export function pythonWithTorch(say: (line: string) => void): string | undefined {
  const known = find();
  if (known !== undefined) return known;
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  say('Installing python3-torch and libopenblas0-pthread.');
  const isThere =
    apt('update') && apt('install', '-y', '--no-install-recommends', 'python3-torch', 'libopenblas0-pthread');
  return isThere ? find() : undefined;
}

const find = () => ['python3', '/usr/bin/python3'].find((command) => has(command, 'torch'));

const has = (command: string, module: string) =>
  spawnSync(command, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;

/** Returns a Python that has ONNX Runtime; where there is none, one is made in `folder`. Undefined where that fails. */
export function pythonWithRuntime(folder: string, say: (line: string) => void): string | undefined {
  if (has('python3', 'onnxruntime')) return 'python3';
  say('Installing onnxruntime for python3 in a folder of its own.');
  const made = spawnSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' }).status === 0;
  const python = `${folder}/bin/python`;
  if (made) spawnSync(python, ['-m', 'pip', '--quiet', 'install', 'onnxruntime'], { stdio: 'ignore' });
  return made && has(python, 'onnxruntime') ? python : undefined;
}

/**
 * Runs a script of this folder. @returns what it prints
 * @throws Error with what it says when it fails
 */
export function runScript(python: string, name: string, args: readonly string[]): string {
  return runPython(python, [fileURLToPath(new URL(name, import.meta.url)), ...args]);
}

/** Runs Python as `runScript` does. @param cwd the folder in which it runs */
export function runPython(python: string, args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr } = spawnSync(python, args, {
    encoding: 'utf8',
    env,
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (status !== 0) throw new Error(`python3 ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}

/**
 * Returns the command line of train.py in two processes. Python 3.11 does not know how PyTorch 1.13 says that nothing
 * is redirected; a rank that there is not is redirected instead.
 */
export const torchrun = (...args: string[]): string[] => [
  ...['-m', 'torch.distributed.run', '--redirects', '9:3', '--tee', '9:3'],
  ...['--standalone', '--nproc_per_node', '2', 'train.py', ...args],
];
