// JSON Lines: each line is an object, whose keys are the columns. A key that a row lacks is an empty cell.
import { type CellPlace, linesOf, type Misfit, type Table } from './table.ts';

/** @param text the normalised text */
export function readJsonLines(text: string): Table {
  const misfits: Misfit[] = [];
  const objects = linesOf(text).flatMap(({ line, text: json }) => {
    const object = objectOf(json);
    if (!object) misfits.push({ line, message: 'It is no JSON object.' });
    return object ? [{ line, object }] : [];
  });
  const header = [...new Set(objects.flatMap(({ object }) => [...object.keys()]))];
  const rows = objects.map(({ line, object }) => ({
    line,
    cells: header.map((name) => cellOf(object.get(name))),
  }));
  return { header, rows, misfits };
}

/** Returns a line's values by key; null where it is no JSON object. */
export function objectOf(line: string): ReadonlyMap<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? new Map(Object.entries(value))
      : null;
  } catch {
    return null;
  }
}

function cellOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/**
 * Finds the value under a key of a line, or the place where the key is to be added.
 * @param isNumber whether the values are numbers, which are written without quotation marks
 */
export function jsonCell(line: string, key: string, isNumber = false): CellPlace {
  const place = placeOf(line, key);
  const json = (value: string) => (isNumber ? value : JSON.stringify(value));
  if (place) return { ...place, write: json };
  const end = line.slice(0, line.lastIndexOf('}')).trimEnd().length;
  const comma = line[end - 1] === '{' ? '' : line.includes(', "') || line.includes('": ') ? ', ' : ',';
  const colon = line.includes('": ') ? ': ' : ':';
  return {
    from: end,
    to: end,
    write: (value) => `${comma}${JSON.stringify(key)}${colon}${json(value)}`,
  };
}

/** Strings, brackets, separators, and runs of anything else but space. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;

/** Returns the place of a value in the text of a JSON object; of several, the last, which is the one that counts. */
function placeOf(line: string, key: string): { from: number; to: number } | null {
  let depth = 0;
  let isValue = false;
  let isOurs = false;
  let found: { from: number; to: number } | null = null;
  for (const { 0: token, index } of line.matchAll(tokens)) {
    if (token === '}' || token === ']') depth--;
    if (depth === 1 && (token === ',' || token === ':')) isValue = token === ':';
    else if (depth === 1 && !isValue && token.startsWith('"')) isOurs = JSON.parse(token) === key;
    else if (depth === 1 && isValue && isOurs) {
      const from: number = token === '}' || token === ']' ? found!.from : index;
      found = { from, to: index + token.length };
    }
    if (token === '{' || token === '[') depth++;
  }
  return found;
}
