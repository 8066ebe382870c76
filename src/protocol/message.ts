// Messages are closed unions of objects with a `type`. A value from another thread or a webview counts as a
// message only if it has one of the types.

/** The field that every message of a union has. */
export interface Typed {
  readonly type: string;
}

/** Lists all the `type`s of a union: `messageTypes<Union>()('a', 'b')` compiles only if none is missing. */
export const messageTypes =
  <Message extends Typed>() =>
  <const Types extends readonly Message['type'][]>(
    ...types: [Message['type']] extends [Types[number]] ? Types : never
  ): ReadonlySet<string> =>
    new Set(types);

/** Returns whether `value` is an object whose `type` is one of these. */
export function hasType<Message extends Typed>(value: unknown, types: ReadonlySet<string>): value is Message {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return typeof value.type === 'string' && types.has(value.type);
}
