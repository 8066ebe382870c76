// node scripts/run.mjs [--build] FILE [ARGUMENTS]
// Installs what is missing, builds if asked to, then runs FILE with the Node of the extension host.
// Standard output holds only FILE's own output: everything else goes to standard error.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { node, ready, root } from './ready.mjs';

const [first, ...others] = process.argv.slice(2);
const build = first === '--build';
const [file, ...args] = build ? others : [first, ...others];

ready();
const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
if (build) {
  const built = spawnSync(node, [join(root, 'esbuild.js')], { stdio: ['ignore', 2, 2], cwd: root, env });
  if (built.status !== 0) process.exit(1);
}
const child = spawn(node, [join(root, file), ...args], { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
