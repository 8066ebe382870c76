// npm run library: builds the cells for programs with TensorFlow.js for release, and packs them as a package of npm.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, say } from '../test/host/tools.ts';

const folder = join(root, 'out/library');

/**
 * Packs what was built.
 * @param to the folder for the tarball
 * @returns the tarball's path
 */
export function packLibrary(to: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'kernels'), { recursive: true });
  cpSync(join(root, 'packages/cells'), folder, { recursive: true });
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  for (const name of ['cells.js', 'cells.d.ts']) copyFileSync(join(root, 'out', name), join(folder, name));
  for (const build of ['relaxed', 'simd', 'single'])
    copyFileSync(join(root, `out/kernels/${build}.wasm`), join(folder, `kernels/${build}.wasm`));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const manifest = { version, ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', to], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 2],
    shell: process.platform === 'win32',
  });
  const [{ filename }] = JSON.parse(packed);
  return join(to, filename);
}

if (import.meta.main) {
  await run(process.execPath, ['esbuild.js', '--production']);
  say(packLibrary(root));
}
