// The language's table of options → VS Code's settings.
import { type Option, options } from '../language/optionTable.ts';

type Schema = Readonly<Record<string, unknown>>;

/** `contributes.configuration` properties by section. */
export function optionSettings(): Record<Option['section'], Record<string, Schema>> {
  const of = (section: Option['section']) =>
    Object.fromEntries(
      options
        .filter((option) => option.section === section)
        .map((option, order) => [
          `unroll.${section}.${option.name}`,
          { ...schema(option), order, scope: 'resource', markdownDescription: describe(option) },
        ]),
    );
  return { model: of('model'), train: of('train') };
}

function schema(option: Option): Schema {
  switch (option.kind) {
    case 'flag':
      return { type: 'boolean', default: option.default };
    case 'choice':
      return {
        type: 'string',
        enum: [...option.choices.keys()],
        enumDescriptions: [...option.choices.values()],
        default: option.default,
      };
    case 'layers': {
      const layers = option.default as readonly { cell: string; hidden: number }[];
      return { type: 'string', default: layers.map(({ cell, hidden }) => `${cell} ${hidden}`).join(', ') };
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
  const unit = option.kind === 'number' && option.unit ? ` In ${option.unit}.` : '';
  const none = option.kind === 'number' && option.none ? ' `null` is no limit.' : '';
  const only = option.only
    ? ` Only where \`#unroll.${option.section}.${option.only.name}#\` is ${option.only.values.map((value) => `\`${value}\``).join(' or ')}.`
    : '';
  return `${option.description}${unit}${none}${only}`;
}
