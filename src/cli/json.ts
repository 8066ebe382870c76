/**
 * Returns a value as one line of JSON. Numbers that JSON has none of are the strings `"NaN"`, `"Infinity"` and
 * `"-Infinity"`, as in Protocol Buffers' JSON: they are not missing, and most languages turn them into numbers.
 */
export function jsonLine(value: object): string {
  const sayable = (_: string, each: unknown) =>
    typeof each === 'number' && !Number.isFinite(each) ? String(each) : each;
  return `${JSON.stringify(value, sayable)}\n`;
}
