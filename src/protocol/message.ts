// Messages are closed unions of objects that say their `type`. What comes from another thread or a webview is such
// a message only when it looks like one.

interface Typed {
  readonly type: string;
}

/** The `type`s of a union, all of them: `messageTypes<Union>()('a', 'b')` compiles only where none is missing. */
export const messageTypes =
  <Message extends Typed>() =>
  <const Types extends readonly Message['type'][]>(
    ...types: [Message['type']] extends [Types[number]] ? Types : never
  ): ReadonlySet<string> =>
    new Set(types);

/** Whether `value` says that it is one of the messages with these types. */
export function hasType<Message extends Typed>(value: unknown, types: ReadonlySet<string>): value is Message {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return typeof value.type === 'string' && types.has(value.type);
}
