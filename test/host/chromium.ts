// Finds the browser that shows the workbench: one that the machine has, else Debian's, else Playwright's own.
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { canInstallFromDebian, installFromDebian, isExecutable, root, run, which } from './tools.ts';

const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

function findChromium(): string | undefined {
  return (
    which('chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser') ??
    [...applications, chromium.executablePath()].find(isExecutable)
  );
}

async function installChromium(): Promise<string> {
  if (canInstallFromDebian) await installFromDebian('chromium');
  else
    await run(process.execPath, [join(root, 'node_modules/playwright-core/cli.js'), 'install', 'chromium']);
  const path = findChromium();
  if (!path) throw new Error('The installer ended well, but no browser is where it should be.');
  return path;
}

/** Returns the path of Chromium, which is installed where there is none. */
export async function chromiumPath(): Promise<string> {
  const chosen = process.env.CHROMIUM_EXECUTABLE;
  if (chosen && !isExecutable(chosen)) throw new Error(`CHROMIUM_EXECUTABLE names no program: ${chosen}`);
  try {
    return chosen ?? findChromium() ?? (await installChromium());
  } catch (cause) {
    throw new Error(
      'No Chromium was found and none could be installed. Install Chromium or Chrome, or set CHROMIUM_EXECUTABLE.',
      { cause },
    );
  }
}

/** Starts Chromium. It ends with this process, whatever ends that, because it is driven through a pipe. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // VS Code asks for its stack as it starts, for which V8 would parse its functions once more.
      '--js-flags=--no-enable-lazy-source-positions',
    ],
  });
}
