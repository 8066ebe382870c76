// npm run l10n, after a sentence has changed.
// Writes the sentences of the editor and the panel into l10n/bundle.l10n.json, for translators.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ready.mjs';

export const bundlePath = join(root, 'l10n', 'bundle.l10n.json');

/** Matches `t(` of the panel or `l10n.t(` of the editor; a method of that name belongs to something else. */
const call = /(?:\bl10n\.|(?<![.\w]))t\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")?/g;

/** @throws Error when a sentence is put together at run time, since it could not be translated */
export function bundle(): string {
  const sources = [
    'src/extension.ts',
    ...globSync(['src/editor/**/*.ts', 'media/{panel,cell}/**/*.ts'], { cwd: root }),
  ]
    .filter((name) => !name.endsWith('words/l10n.ts'))
    .toSorted();
  const messages = sources.flatMap((name) =>
    [...readFileSync(join(root, name), 'utf8').matchAll(call)].map(([found, single, double]) => {
      const message = single ?? double;
      if (message === undefined) throw new Error(`${name}: ${found} needs a plain string.`);
      return message.replace(/\\n/g, '\n').replace(/\\(.)/g, '$1');
    }),
  );
  const sorted = [...new Set(messages)].toSorted();
  return `${JSON.stringify(Object.fromEntries(sorted.map((message) => [message, message])), null, 2)}\n`;
}

if (import.meta.main) writeFileSync(bundlePath, bundle());
