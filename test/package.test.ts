// package.json, the names in the code and the built package agree, and the package is small.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';
import { bundle, bundlePath } from '../scripts/l10n.ts';
import {
  colors,
  commands,
  contexts,
  modelsView,
  optionNames,
  panelViewType,
  walkthrough,
} from '../src/contributions.ts';
import { optionSettings } from '../src/editor/settings/optionSettings.ts';
import { settingOptions } from '../src/language/options/optionTable.ts';
import { secretGlobs } from '../src/protocol/secretGlobs.ts';
import { mostModelBytes } from '../src/worker/openModels.ts';

const root = join(import.meta.dirname, '..');
const json = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const manifest = json('package.json');
const texts: Record<string, string> = json('package.nls.json');
const { contributes } = manifest;
const built = (name: string) => readFileSync(join(root, 'out', name), 'utf8');

test('every command of the code is contributed, under the category Unroll, and no other', () => {
  const contributed = contributes.commands.map(({ command }: { command: string }) => command);
  expect(contributed.toSorted()).toEqual(Object.values(commands).toSorted());
  for (const { category } of contributes.commands) expect(category).toBe('%displayName%');
});

/** Returns every string below, each with the name of the property that it is in. */
function strings(below: unknown, property = ''): [property: string, value: string][] {
  if (typeof below === 'string') return [[property, below]];
  if (typeof below !== 'object' || below === null) return [];
  return Object.entries(below).flatMap(([key, value]) =>
    strings(value, Array.isArray(below) ? property : key),
  );
}

test('the options that a run is asked for are those of the table', () => {
  const named = Object.entries(optionNames).flatMap(([section, names]) =>
    names.map((name) => `${section}.${name}`),
  );
  expect(named).toEqual(settingOptions.map(({ section, name }) => `${section}.${name}`));
});

test('every text of package.json is in package.nls.json, and nothing else is', () => {
  const keys = strings(manifest).flatMap(([, value]) => value.match(/^%(.+)%$/)?.[1] ?? []);
  expect([...new Set(keys)].toSorted()).toEqual(Object.keys(texts).toSorted());
  for (const text of Object.values(texts)) expect(text).toMatch(/\S/);
});

test('the settings say how many texts without a model are counted, and which runs are never deleted', () => {
  expect(texts['setting.completion.untrained']).toContain(
    `for the texts that were used last, as far as ${mostModelBytes / 1e6} MB hold them`,
  );
  for (const key of ['setting.runs.kept', 'setting.runs.megabytes'])
    expect(texts[key]).toMatch(
      /are deleted when a run ends, except those that have a name, were chosen for suggestions, are being compared or trained, or are shown\.$/,
    );
});

test('no text stands in package.json itself', () => {
  const isText =
    /^(displayName|title|shortTitle|category|name|contextualTitle|contents|altText|label)$|[dD]escriptions?$|Message$/;
  const literal = [
    ...strings({ displayName: manifest.displayName, description: manifest.description }),
    ...strings(manifest.capabilities),
    ...strings({ ...contributes, grammars: [] }),
  ].filter(([property, value]) => isText.test(property) && !/^%.+%$/.test(value));
  expect(literal).toEqual([]);
});

test('what the editor and the panel say is in the bundle for translators (npm run l10n renews it)', () => {
  expect(readFileSync(bundlePath, 'utf8')).toBe(bundle());
});

test('every colour of the code is contributed, for all kinds of themes, and no other', () => {
  const contributed: { id: string; defaults: object }[] = contributes.colors;
  expect(contributed.map(({ id }) => id).toSorted()).toEqual(Object.values(colors).flat().toSorted());
  for (const { defaults } of contributed)
    expect(Object.keys(defaults)).toEqual(['dark', 'light', 'highContrast', 'highContrastLight']);
});

test('every name of ours in a clause, an event or a link is one of the code’s', () => {
  const names = strings(contributes)
    .filter(([property]) => /^(when|enablement|completionEvents)$/.test(property))
    .map(([, clause]) => clause)
    .concat(Object.values(texts).flatMap((text) => text.match(/\(command:[^)]*\)/g) ?? []))
    .flatMap((text) => text.match(/unroll\.\w+/g) ?? []);
  const known = new Set<string>([
    ...Object.values(contexts),
    ...Object.values(commands),
    modelsView,
    panelViewType,
  ]);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
  expect(names.length).toBeGreaterThan(0);
});

test('the walkthrough is the one that the command opens, and its pictures are there', () => {
  const [{ id, steps }, ...others] = contributes.walkthroughs;
  expect([id, others]).toEqual([walkthrough, []]);
  const pictures = steps.flatMap(({ media }: { media: { image: object } }) => Object.values(media.image));
  for (const picture of pictures) expect(statSync(join(root, picture)).size).toBeGreaterThan(0);
});

test('the settings that a .rnn file can hold are those of the language’s table (npm run settings renews them)', () => {
  const groups: { id: string; properties: Record<string, unknown> }[] = contributes.configuration;
  const settings = optionSettings();
  for (const [section, properties] of Object.entries(settings.properties))
    expect(groups.find(({ id }) => id === section)?.properties).toEqual(properties);
  expect(texts).toMatchObject(settings.texts);
});

test('the files that are secret are those of the list that the command line has, too (npm run settings)', () => {
  const settings = contributes.configuration.map(({ properties }: { properties: object }) => properties);
  expect(Object.assign({}, ...settings)['unroll.secrets'].default).toEqual(secretGlobs);
});

test('the extension host’s bundle has no TensorFlow.js, and is under 120 KB as it is packed', () => {
  const bundle = built('extension.cjs');
  // Importing it needs the first name, and every backend calls the second; messages may mention it.
  expect(bundle).not.toMatch(/@tensorflow|registerKernel/);
  // It is packed as a module of CommonJS, in which the names at the top are shortened too.
  expect(transformSync(bundle, { minify: true, format: 'cjs' }).code.length).toBeLessThan(120_000);
});

test('the package is under 5 MB', () => {
  expect(statSync(join(root, `unroll-${manifest.version}.vsix`)).size).toBeLessThan(5_000_000);
});
