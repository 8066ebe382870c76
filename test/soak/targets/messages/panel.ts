// Tries messages that a panel may send, right and wrong.
import * as fc from 'fast-check';
import { parsePanelMessage } from '../../../../src/protocol/panelMessage.ts';

const number = fc.oneof(fc.double(), fc.constantFrom(0, 0.8, 5, 1e-300));

export const right = fc.oneof(
  fc.record({ type: fc.constantFrom('ready', 'train', 'sample', 'clear') }),
  fc.record({
    type: fc.constant('control'),
    command: fc.oneof(
      fc.record({ type: fc.constantFrom('pause', 'resume', 'stop', 'rewind', 'extend') }),
      fc.record({ type: fc.constantFrom('learningRate', 'threshold'), value: number }),
    ),
  }),
  fc.record({ type: fc.constant('temperature'), value: number }),
  fc.record({ type: fc.constant('copy'), text: fc.string() }),
  fc.record({
    type: fc.constant('save'),
    name: fc.oneof(fc.string(), fc.constantFrom('loss.csv', '../loss.csv', 'a\\b.png')),
    kind: fc.constantFrom('csv', 'png'),
    content: fc.string(),
  }),
);

/** Generates a right message, one with another field, one without a field, or anything at all. */
export const said: fc.Arbitrary<unknown> = fc.oneof(
  right,
  fc
    .tuple(
      right,
      fc.constantFrom('type', 'command', 'value', 'name', 'kind', 'content', 'text'),
      fc.jsonValue(),
    )
    .map(([message, field, value]) => ({ ...message, [field]: value })),
  fc
    .tuple(right, fc.constantFrom('type', 'command', 'value', 'name', 'content', 'text'))
    .map(([message, field]) => {
      const { [field]: _, ...rest } = message as Record<string, unknown>;
      return rest;
    }),
  fc.jsonValue(),
);

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isPositive = (value: unknown) => typeof value === 'number' && value > 0 && value < Infinity;

/** Checks a message field by field, independently of the parser. */
function isMessage(value: unknown): boolean {
  if (!isObject(value)) return false;
  switch (value.type) {
    case 'ready':
    case 'train':
    case 'sample':
    case 'clear':
      return true;
    case 'control': {
      const { command } = value;
      if (!isObject(command)) return false;
      if (command.type === 'learningRate' || command.type === 'threshold') return isPositive(command.value);
      return ['pause', 'resume', 'stop', 'rewind', 'extend'].includes(command.type as string);
    }
    case 'temperature':
      return typeof value.value === 'number' && value.value >= 0 && value.value <= 5;
    case 'copy':
      return typeof value.text === 'string';
    case 'save':
      return (
        typeof value.name === 'string' &&
        value.name !== '' &&
        !value.name.includes('/') &&
        !value.name.includes('\\') &&
        (value.kind === 'csv' || value.kind === 'png') &&
        typeof value.content === 'string'
      );
    default:
      return false;
  }
}

/**
 * Parses a value as the host does.
 * @throws Error where something wrong is taken for a message, or a message for something wrong
 */
export function hear(value: unknown): void {
  const parsed = parsePanelMessage(value);
  if ((parsed !== null) !== isMessage(value))
    throw new Error(`${JSON.stringify(value)} is ${parsed ? 'taken for a message' : 'not heard'}.`);
  if (!parsed) return;
  const fields = value as Fields;
  for (const [name, field] of Object.entries(parsed))
    if (JSON.stringify(field) !== JSON.stringify(pick(fields[name], field)))
      throw new Error(`${name} of ${JSON.stringify(value)} is read as ${JSON.stringify(field)}.`);
}

/** Returns the part of a field that is read: a command keeps only the properties that it may have. */
function pick(field: unknown, read: unknown): unknown {
  if (!isObject(field) || !isObject(read)) return field;
  return Object.fromEntries(Object.keys(read).map((name) => [name, field[name]]));
}
