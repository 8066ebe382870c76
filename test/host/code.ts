// Takes the place of VS Code's executable: code [FOLDER] --extensionDevelopmentPath=… --extensionTestsPath=…
// It runs the tests in a real VS Code without a desktop, prints the extension host's console, and ends with
// their result.
import { parseArgs } from 'node:util';
import { startServer } from './server.ts';
import { say } from './tools.ts';
import { Workbench } from './workbench.ts';

/** A suite reports every test on the console; one that is silent for this many milliseconds has hung. */
const silenceLimit = 5 * 60_000;

/**
 * Messages that VS Code's window logs at every start, most of them about servers that cannot be reached from
 * here.
 */
const noise = new RegExp(
  [
    'Resolv(ing|ed) connection token',
    'Creating a socket',
    'Updating additional builtin',
    '\\[(AgentHost|AccountPolicyGate|Service Worker|reconnection-grace-time)',
    'getaddrinfo .* open-vsx.org',
  ].join('|'),
);

interface Tests {
  folder?: string;
  extensionDevelopmentPath: string;
  extensionTestsPath: string;
}

function readArguments(): Tests {
  // Strict parsing would refuse the arguments that only a desktop VS Code understands.
  const { values, positionals } = parseArgs({ strict: false });
  const { extensionDevelopmentPath, extensionTestsPath } = values;
  if (typeof extensionDevelopmentPath !== 'string' || typeof extensionTestsPath !== 'string')
    throw new Error('Usage: code [FOLDER] --extensionDevelopmentPath=FOLDER --extensionTestsPath=MODULE');
  return { extensionDevelopmentPath, extensionTestsPath, ...(positionals[0] && { folder: positionals[0] }) };
}

/** Returns the exit code of the tests; rejects when no result can come any more. */
async function runTests(tests: Tests): Promise<number> {
  const result = Promise.withResolvers<number>();
  const fail = (why: string) => result.reject(new Error(why));
  const silence = setTimeout(
    fail,
    silenceLimit,
    `The tests said nothing for ${silenceLimit / 60_000} minutes.`,
  );

  try {
    await using server = await startServer();
    server.ended.then((log) => fail(`VS Code's server ended before the tests did:\n${log}`));
    await using workbench = await Workbench.open(server, {
      ...tests,
      onLog(severity, message) {
        silence.refresh();
        if (noise.test(message)) return;
        (severity === 'error' || severity === 'warn' ? process.stderr : process.stdout).write(`${message}\n`);
      },
      onExit: result.resolve,
    });
    workbench.lost.then(fail);
    return await result.promise;
  } finally {
    clearTimeout(silence);
  }
}

try {
  process.exitCode = await runTests(readArguments());
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}
