// Every text reaches the window through `src/editor/ui`, where nothing in it stays a link, an icon or markup.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const linesOf = (files: readonly string[], pattern: RegExp) =>
  files.flatMap((name) =>
    read(name)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : [])),
  );

test('the editor shows texts by way of its ui alone', () => {
  const files = globSync(['src/editor/**/*.ts', 'src/extension.ts'], { cwd: root }).filter(
    (name) => !name.startsWith(join('src', 'editor', 'ui')),
  );
  expect(files.length).toBeGreaterThan(40);
  const direct =
    /\b(?:show(?:Information|Warning|Error)Message|setStatusBarMessage|showQuickPick|createQuickPick|showInputBox|createInputBox|window\.withProgress|createStatusBarItem|createLanguageStatusItem)\(|new (?:MarkdownString|TreeItem|CodeLens|InlayHint)\(|\.append(?:Markdown|Text|Codeblock)\(/;
  // A function of the extension's own has the name of one of VS Code's.
  const own = /createStatusBarItem\((?:runs: Runs|runs, suggestions)/;
  expect(linesOf(files, direct).filter((line) => !own.test(line))).toEqual([]);
});

test('the panel makes text of texts', () => {
  const files = globSync('media/{panel,cell}/**/*.ts', { cwd: root });
  expect(files.length).toBeGreaterThan(10);
  const markup =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(|new Function/;
  expect(linesOf(files, markup)).toEqual([]);
});
