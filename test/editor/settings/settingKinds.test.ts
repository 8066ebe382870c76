// Settings have values of their kind, whatever is written in a file of settings.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { windowSettings } from '../../../src/contributions.ts';
import { type SettingKind, settingKinds, settingValue } from '../../../src/editor/settings/settingKinds.ts';

interface Schema {
  readonly type: string | readonly string[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default: unknown;
  readonly scope: string;
}

const root = join(import.meta.dirname, '../../..');
const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const schemas: Readonly<Record<string, Schema>> = Object.assign(
  {},
  ...contributes.configuration.map(({ properties }: { properties: object }) => properties),
);

function kindIn(schema: Schema): SettingKind {
  const types = [schema.type].flat();
  if (types.includes('boolean')) return { kind: 'flag' };
  if (types.includes('array')) return { kind: 'globs' };
  if (schema.enum) return { kind: 'choice', choices: schema.enum };
  const { minimum: least = Number.NaN, maximum: most = Number.MAX_SAFE_INTEGER } = schema;
  return { kind: 'number', whole: types.includes('integer'), none: types.includes('null'), least, most };
}

test.each(Object.entries(settingKinds))('%s is of the kind that package.json says', (name, kind) => {
  const schema = schemas[`unroll.${name}`];
  expect(kind).toEqual(kindIn(schema));
  expect(settingValue(kind, schema.default, null)).toEqual(schema.default);
});

test('a folder has a value of its own of all settings but those that are read for the window', () => {
  const ofWindow = Object.keys(settingKinds).filter((name) => schemas[`unroll.${name}`].scope === 'window');
  expect(ofWindow).toEqual(windowSettings);
});

/** Values of all types. */
const values = [undefined, null, true, 'no', '', 7, -3, 0.5, 1e99, Number.NaN, [], ['*.pem', 5], {}];

test.each(Object.entries(settingKinds))('%s has a value of its kind, whatever is set', (name, kind) => {
  const usual = schemas[`unroll.${name}`].default;
  for (const value of values) {
    const found = settingValue(kind, value, usual);
    // A value of the setting stays as it is, so that what is found is one.
    expect(settingValue(kind, found, 'none')).toEqual(found);
    if (kind.kind === 'number' && found !== null) {
      expect(found).toBeGreaterThanOrEqual(kind.least);
      expect(found).toBeLessThanOrEqual(kind.most);
    }
  }
});

test('null, which deletes no runs, is the default', () => {
  for (const name of ['runs.kept', 'runs.megabytes'] as const)
    expect(settingValue(settingKinds[name], null, 20)).toBe(20);
  expect(settingValue(settingKinds['generate.seed'], null, 20)).toBeNull();
});

test('a number beyond the range is its end, and a list of globs keeps those that are texts', () => {
  expect(settingValue(settingKinds['completion.confidence'], 52, 0.5)).toBe(1);
  expect(settingValue(settingKinds['completion.maxLength'], 30.4, 100)).toBe(30);
  expect(settingValue(settingKinds.secrets, ['*.pem', 5], [])).toEqual(['*.pem']);
  expect(settingValue(settingKinds.secrets, '*.pem', ['.env'])).toEqual(['.env']);
});
