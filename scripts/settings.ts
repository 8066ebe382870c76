// npm run settings, after the table of options, the functions or the list of secret files has changed.
// Writes the settings into package.json and their descriptions into package.nls.json. The settings that a
// `.rnn` file can hold come from the language's own table, so that a setting and its option never differ, and
// the names of secret files from the list that the command line has too. Writes the names of the functions into
// the grammar that colours cells.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionSettings } from '../src/editor/settings/optionSettings.ts';
import { functions } from '../src/language/words.ts';
import { secretGlobs } from '../src/protocol/secretGlobs.ts';
import { root } from './ready.mjs';

const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const write = (name: string, value: unknown) =>
  writeFileSync(join(root, name), `${JSON.stringify(value, null, 2)}\n`);

const { properties, texts } = optionSettings();
const manifest = read('package.json');
for (const group of manifest.contributes.configuration)
  if (Object.hasOwn(properties, group.id)) group.properties = properties[group.id as keyof typeof properties];
for (const { properties } of manifest.contributes.configuration)
  if (properties['unroll.secrets']) properties['unroll.secrets'].default = secretGlobs;
write('package.json', manifest);

const others = Object.entries<string>(read('package.nls.json')).filter(
  ([key]) => !/^setting\.(model|train)\./.test(key),
);
const entries = [...others, ...Object.entries(texts)].sort(([a], [b]) => (a < b ? -1 : 1));
write('package.nls.json', Object.fromEntries(entries));

const grammar = read('syntaxes/rnn.tmLanguage.json');
const rule = grammar.repository.function;
rule.match = rule.match.replace(/\(\?:[^()]+\)/, `(?:${[...functions.keys()].join('|')})`);
write('syntaxes/rnn.tmLanguage.json', grammar);
