// Writes the settings into package.json: those that a `.rnn` file can hold from the language's own table, so that
// a setting and its option are never two things. `npm run settings`, after the table has changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionSettings } from '../src/editor/optionSettings.ts';
import { root } from './ready.mjs';

const path = join(root, 'package.json');
const manifest = JSON.parse(readFileSync(path, 'utf8'));
for (const [section, properties] of Object.entries(optionSettings())) {
  const group = manifest.contributes.configuration.find(({ id }: { id: string }) => id === section);
  group.properties = properties;
}
writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
