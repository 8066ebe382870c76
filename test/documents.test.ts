// The documents name what exists: the files, links, settings, commands and scripts that stand in them.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const json = (path: string) => JSON.parse(read(path));
const sources = globSync('{src,media,test,scripts,docs,packages,syntaxes}/**/*.*', {
  cwd: root,
  exclude: (name) => name === 'node_modules',
});
const documents = globSync(['*.md', '{docs,src,media,packages}/**/*.md'], {
  cwd: root,
  exclude: (name) => name === 'node_modules',
});
const manifest = json('package.json');

/** Returns what stands between single backquotes in the prose of a document, also across the end of a line. */
const quoted = (path: string): string[] =>
  [
    ...read(path)
      .replace(/^```.*?^```/gms, '')
      .matchAll(/`([^`]+)`/g),
  ].map(([, code]) => code.replace(/\s+/g, ' '));

/** Returns what a document says to enter on a command line: between backquotes, indented or fenced. */
const entered = (path: string): string[] => {
  const lines = [...read(path).matchAll(/^ *((?:npm|node) .*)$/gm)].map(([, line]) => line);
  return [...quoted(path), ...lines.filter((line) => !line.includes('`'))].filter((line) =>
    /^(npm|node) /.test(line),
  );
};

/** Returns the anchor of a heading, as GitHub makes it. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchors = (path: string): string[] =>
  [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading));

/** Returns whether a path is that of a file or folder, from the root, from `src` or `media`, or by its end. */
const isThere = (path: string): boolean =>
  ['', 'src', 'media', 'src/completion'].some((room) =>
    ['', '.ts'].some((ending) => existsSync(join(root, room, path + ending))),
  ) || sources.some((source) => source.endsWith(`/${path}`));

/** The rooms of the code, and the folders beside it: a path that begins with one of them is one of this project. */
const rooms = [
  ...globSync('src/*/', { cwd: root }).map((room) => room.slice('src/'.length)),
  'src',
  'test',
  'scripts',
  'docs',
  'media',
  'panel',
];

/** Files of users, of which documents say whether their names are secret. */
const examples = ['password-reset.ts', 'password.ts'];

test.each(documents)('%s: its links lead somewhere', (document) => {
  for (const [, target] of read(document).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^(https?|command):/.test(target)) continue;
    const [path, fragment] = target.split('#');
    const file = path === '' ? document : normalize(join(dirname(document), path));
    expect(existsSync(join(root, file)), target).toBe(true);
    if (fragment !== undefined) expect(anchors(file), target).toContain(fragment);
  }
});

test.each(documents)('%s: its files are there', (document) => {
  const paths = quoted(document).filter(
    (code) =>
      /^[\w./-]+\.ts$/.test(code) || rooms.some((room) => new RegExp(`^${room}/[\\w./-]*$`).test(code)),
  );
  for (const path of paths)
    expect(isThere(path) || /NAME|ROOM|FILE/.test(path) || examples.includes(path), path).toBe(true);
});

test('src/README.md: the paths of its drawings are there', () => {
  const drawings = read('src/README.md')
    .match(/^ {4}.*$/gm)!
    .join('\n');
  const paths = [...drawings.matchAll(/(?<![\w/.])([a-z]\w*(?:\/\w+)+)/g)].map(([, path]) => path);
  expect(paths.length).toBeGreaterThan(15);
  for (const path of paths) expect(isThere(path), path).toBe(true);
});

describe('what is entered on a command line', () => {
  const kinds = [...read('test/bench/main.ts').matchAll(/^ {2}(\w+): '\w+\.ts',$/gm)].map(([, kind]) => kind);
  const targets = globSync('test/soak/targets/**/*.ts', { cwd: root }).flatMap((path) =>
    [...read(path).matchAll(/^ {2}name: '([\w-]+)',$/gm)].map(([, name]) => name),
  );
  const tests = globSync('test/**/*.{test,e2e,editor}.ts', { cwd: root });

  test.each(documents)('%s', (document) => {
    for (const line of entered(document)) {
      const [program, ...words] = line.split(' ').filter((word) => word !== '--silent');
      if (program === 'node') {
        expect(words.some((word) => existsSync(join(root, word))) || words[0].startsWith('out/'), line).toBe(
          true,
        );
        continue;
      }
      const [script, more] = words[0] === 'run' ? [words[1], words.slice(2)] : [words[0], words.slice(1)];
      if (['i', 'install', 'exec'].includes(script)) continue;
      expect(Object.keys(manifest.scripts), line).toContain(script);
      const [first, ...others] = more.slice(more.indexOf('--') + 1);
      if (!more.includes('--') || first === undefined || /^(-|\[|[A-Z])/.test(first)) continue;
      if (script === 'bench') expect(kinds, line).toContain(first);
      if (script === 'soak') expect(targets, line).toContain(first);
      if (script === 'test' && !['unit', 'editor', 'e2e'].includes(first))
        for (const word of [first, ...others].filter((each) => /^[\w/]+$/.test(each)))
          expect(
            tests.some((path) => path.includes(word)),
            line,
          ).toBe(true);
    }
  });
});

test.each(documents)('%s: its settings are contributed', (document) => {
  const settings = manifest.contributes.configuration.flatMap(({ properties }: { properties: object }) =>
    Object.keys(properties),
  );
  for (const name of quoted(document).filter((code) => /^unroll\.[a-z]+\.\w+$/.test(code)))
    expect(settings, name).toContain(name);
});

test('README.md names the commands of the palette as the palette does', () => {
  const texts = json('package.nls.json');
  const titles: string[] = manifest.contributes.commands.map(
    ({ title }: { title: string }) => texts[title.replaceAll('%', '')],
  );
  const rows = [...read('README.md').matchAll(/^\| Unroll: (.*?) \|/gm)];
  const named = rows.flatMap(([, names]) => names.split(', '));
  expect(named.length).toBeGreaterThan(15);
  for (const name of named) expect(titles, name).toContain(name);
});
