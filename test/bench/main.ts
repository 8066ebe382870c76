// npm run bench -- [KIND] [OPTION]…
//
// Builds and runs a benchmark: speed.ts without a kind; else ahead.ts, blocks.ts, compare.ts, editor.ts, exchange.ts, first.ts, models.ts, network.ts, panel.ts,
// reading.ts, science.ts, suggestions.ts, tasks.ts, typist.ts or zoo.ts, each of which says what it measures and what its options are.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const kinds: Readonly<Record<string, string>> = {
  ahead: 'ahead.ts',
  blocks: 'blocks.ts',
  compare: 'compare.ts',
  editor: 'editor.ts',
  exchange: 'exchange.ts',
  first: 'first.ts',
  models: 'models.ts',
  network: 'network.ts',
  panel: 'panel.ts',
  reading: 'reading.ts',
  science: 'science.ts',
  suggestions: 'suggestions.ts',
  tasks: 'tasks.ts',
  typist: 'typist.ts',
  zoo: 'zoo.ts',
};
const [, , kind, ...more] = process.argv;
const hasKind = kind !== undefined && Object.hasOwn(kinds, kind);
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const run = (...args: string[]) =>
  spawnSync(process.execPath, args, { cwd: here('../../'), stdio: 'inherit' }).status ?? 1;
const loader = `--import=${new URL('../soak/rnnLoader.ts', import.meta.url)}`;
const script = here(hasKind ? kinds[kind] : 'speed.ts');
const isBuilt = kind === 'compare' || run('esbuild.js') === 0;
process.exit(isBuilt ? run(loader, script, ...(hasKind ? more : process.argv.slice(2))) : 1);
