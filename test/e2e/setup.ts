// Installs, once for all files, what each window needs: the browser, VS Code's server, and the extension from its
// package.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vsix } from '../../scripts/package.ts';
import { chromiumPath } from '../host/chromium.ts';
import { installExtensions } from '../host/server.ts';
import { extensionsVariable } from './session.ts';

export default async function setup(): Promise<() => void> {
  await chromiumPath();
  const folder = mkdtempSync(join(tmpdir(), 'unroll-extensions-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    await installExtensions([vsix], folder);
  } catch (error) {
    remove();
    throw error;
  }
  process.env[extensionsVariable] = folder;
  return remove;
}
