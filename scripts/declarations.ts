// Writes the exports of out/cells.js for TypeScript into one file: the types of the library and the
// declarations of its entry, which name nothing else but TensorFlow.js's.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..');

/** @param directory the folder for `cells.d.ts` */
export async function writeDeclarations(directory: string): Promise<void> {
  const names = ['types', 'cells'];
  const entries = names.map((name) => join(root, `src/library/${name}.ts`));
  const language = ['--target', 'es2023', '--module', 'esnext', '--allowImportingTsExtensions'];
  // Only these files are read: whatever else they import is not resolved, and so cannot get in.
  const alone = ['--ignoreConfig', '--noResolve', '--noCheck', '--declaration', '--emitDeclarationOnly'];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const emitted = await mkdtemp(join(tmpdir(), 'unroll-declarations-'));
  try {
    const args = [tsc, ...entries, ...language, ...alone, '--outDir', emitted];
    await promisify(execFile)(process.execPath, args);
    const parts = await Promise.all(names.map((name) => readFile(join(emitted, `${name}.d.ts`), 'utf8')));
    await writeFile(join(directory, 'cells.d.ts'), parts.map(withoutTypesImports).join(''));
  } finally {
    await rm(emitted, { recursive: true });
  }
}

/**
 * Removes the imports of types, since the declarations of the entry follow those of the types in one file.
 */
const withoutTypesImports = (text: string): string =>
  text.replace(/^(?:import|export) type .* from '\.\/types\.[a-z.]+';\n/gm, '');
