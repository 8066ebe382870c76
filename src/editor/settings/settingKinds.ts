// The kinds of values that settings may have. VS Code underlines other values, and hands them on all the same. This file
// does not import VS Code.
import type { Settings } from '../../contributions.ts';

export type SettingKind =
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'globs' }
  | {
      readonly kind: 'number';
      readonly whole: boolean;
      readonly least: number;
      readonly most: number;
      /** Whether null is a value. */
      readonly none: boolean;
    };

const flag = { kind: 'flag' } as const;
const number = (least: number, most: number): SettingKind => ({
  ...{ kind: 'number', whole: false, none: false },
  ...{ least, most },
});
const whole = (least: number, most = Number.MAX_SAFE_INTEGER): SettingKind => ({
  ...{ kind: 'number', whole: true, none: false },
  ...{ least, most },
});

export const settingKinds: Readonly<Record<keyof Settings, SettingKind>> = {
  'completion.enabled': flag,
  secrets: { kind: 'globs' },
  'completion.trigger': { kind: 'choice', choices: ['automatic', 'explicit'] },
  'completion.learn': flag,
  'completion.untrained': flag,
  'completion.confidence': number(0, 1),
  'completion.reading': number(0, 10),
  'completion.maxLength': whole(2, 500),
  'runs.kept': whole(1, 1000),
  'runs.megabytes': whole(1, 1_000_000),
  'surprise.of': { kind: 'choice', choices: ['network', 'company'] },
  'generate.length': whole(1, 1_000_000),
  'generate.temperature': number(0, 5),
  'generate.topK': whole(0),
  'generate.topP': number(0, 1),
  'generate.seed': { ...whole(0), none: true } as SettingKind,
};

/**
 * Returns the value of a setting: the nearest one in its range where a number is beyond it, and the default where it is no
 * value of the setting at all. A glob that is no text is left out of its list.
 */
export function settingValue(kind: SettingKind, value: unknown, usual: unknown): unknown {
  switch (kind.kind) {
    case 'flag':
      return typeof value === 'boolean' ? value : usual;
    case 'choice':
      return kind.choices.includes(value as string) ? value : usual;
    case 'globs':
      return Array.isArray(value) ? value.filter((glob) => typeof glob === 'string') : usual;
    case 'number': {
      if (kind.none && value === null) return null;
      if (typeof value !== 'number' || !Number.isFinite(value)) return usual;
      const near = Math.min(kind.most, Math.max(kind.least, value));
      return kind.whole ? Math.round(near) : near;
    }
  }
}
