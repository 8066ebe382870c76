// Generates VS Code's settings and their descriptions from the language's table of options.
import { layersText } from '../../language/options/layers.ts';
import type { Option } from '../../language/options/optionKinds.ts';
import type { LayerOptions } from '../../language/options/options.ts';
import { settingOptions } from '../../language/options/optionTable.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The sections whose options are settings too. */
type SettingsSection = Exclude<Option['section'], 'task'>;

type SettingOption = Exclude<Option, { readonly kind: 'columns' | 'teach' }>;

const isSetting = (option: Option): option is SettingOption =>
  option.kind !== 'columns' && option.kind !== 'teach';

export interface OptionSettings {
  /** The properties of `contributes.configuration` by section; texts are replaced by their keys. */
  readonly properties: Record<SettingsSection, Record<string, Schema>>;
  /** The texts by key, for package.nls.json. */
  readonly texts: Record<string, string>;
}

export function optionSettings(): OptionSettings {
  const texts: Record<string, string> = {};
  const text = (key: string, value: string) => {
    texts[key] = value;
    return `%${key}%`;
  };
  const of = (section: SettingsSection) =>
    Object.fromEntries(
      settingOptions
        .filter(isSetting)
        .filter((option) => option.section === section)
        .map((option, order) => {
          const key = `setting.${section}.${option.name}`;
          const markdownDescription = text(key, describe(option));
          const schema = {
            ...values(option),
            ...(option.kind === 'choice' && {
              enumDescriptions: [...option.choices].map(([name, says]) => text(`${key}.${name}`, says)),
            }),
          };
          return [
            `unroll.${section}.${option.name}`,
            { ...schema, order, scope: 'resource', markdownDescription },
          ];
        }),
    );
  return { properties: { model: of('model'), train: of('train') }, texts };
}

function values(option: SettingOption): Schema {
  switch (option.kind) {
    case 'flag':
      return { type: 'boolean', default: option.default };
    case 'choice':
      return { type: 'string', enum: [...option.choices.keys()], default: option.default };
    case 'layers': {
      return { type: 'string', default: layersText(option.default as readonly LayerOptions[]) };
    }
    case 'number': {
      const type = option.whole ? 'integer' : 'number';
      return {
        type: option.none ? [type, 'null'] : type,
        minimum: option.least,
        ...(option.mostIncluded ? { maximum: option.most } : { exclusiveMaximum: option.most }),
        default: option.default,
      };
    }
  }
}

function describe(option: Option): string {
  const none = option.kind === 'number' && option.none ? ' `null` means no limit.' : '';
  const only = option.only
    ? ` Used only when \`#unroll.${option.section}.${option.only.name}#\` is ${option.only.values.map((value) => `\`${value}\``).join(' or ')}.`
    : '';
  return `${option.description}${none}${only}`;
}
