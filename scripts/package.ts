// npm run package: builds the extension for release and packs it into unroll-<version>.vsix.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { root, run } from '../test/host/tools.ts';

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The package that {@link packageExtension} writes. */
export const vsix = join(root, `${name}-${version}.vsix`);

export async function packageExtension(): Promise<void> {
  await run(process.execPath, ['esbuild.js', '--production']);
  await createVSIX({
    cwd: root,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    // Relative links stay, because the pictures are in the package.
    rewriteRelativeLinks: false,
  });
}

if (import.meta.main) await packageExtension();
