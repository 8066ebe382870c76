// Chooses the VS Code that runs the tests: the one that VSCODE_EXECUTABLE names, a desktop build that can be
// downloaded where there is a desktop, else the host of this folder.
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { isExecutable, say } from './tools.ts';

const updates = 'https://update.code.visualstudio.com/api/releases/stable';
const patience = 5_000;

/** Returns the path of an executable that takes VS Code's arguments for extension tests. */
export async function chooseEditor(): Promise<string> {
  const chosen = process.env.VSCODE_EXECUTABLE;
  if (chosen && !isExecutable(chosen)) throw new Error(`VSCODE_EXECUTABLE names no program: ${chosen}`);
  return chosen ?? (await downloadEditor()) ?? join(import.meta.dirname, 'code');
}

async function downloadEditor(): Promise<string | undefined> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return undefined;
  try {
    await fetch(updates, { method: 'HEAD', signal: AbortSignal.timeout(patience) });
    return await downloadAndUnzipVSCode('stable');
  } catch (error) {
    say(
      `No desktop VS Code could be downloaded (${(error as Error).message}): using the one in the browser.`,
    );
    return undefined;
  }
}
