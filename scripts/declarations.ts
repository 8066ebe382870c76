// What out/cells.js exports, for TypeScript: the types of its entry, which names nothing else but TensorFlow.js's.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..');

/** @param directory where `cells.d.ts` goes */
export async function writeDeclarations(directory: string): Promise<void> {
  const entry = join(root, 'src/library/cells.ts');
  const language = ['--target', 'es2023', '--module', 'esnext'];
  // Of this one file: whatever it imports is not looked at, and so cannot get in.
  const alone = ['--ignoreConfig', '--noResolve', '--noCheck', '--declaration', '--emitDeclarationOnly'];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, entry, ...language, ...alone, '--outDir', directory]);
}
