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
  const areBare = header.map((name) => isBareIn(objects.map(({ object }) => object.get(name))));
  return { header, rows, misfits, areBare };
}

/** Numbers and booleans as JSON writes them. */
const bareLiteral = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false)$/;

/** Returns the JSON of a value. @param isBare whether numbers and booleans have no quotation marks */
export const writeJson = (value: string, isBare: boolean): string =>
  isBare && bareLiteral.test(value) ? value : JSON.stringify(value);

/** Returns whether all of the values that can be bare are; null where none can be. */
function isBareIn(values: readonly unknown[]): boolean | null {
  if (values.some((value) => typeof value === 'string' && bareLiteral.test(value))) return false;
  return values.some((value) => typeof value === 'number' || typeof value === 'boolean') ? true : null;
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

/** Returns a function that finds the value under a key of a line, or the place where the key is to be added. */
export function jsonCells(line: string): (key: string, isBare: boolean) => CellPlace {
  const places = placesOf(line);
  return (key, isBare) => {
    const json = (value: string) => writeJson(value, isBare);
    const place = places.get(key);
    return place ? { ...place, write: json } : newCell(line, key, json);
  };
}

function newCell(line: string, key: string, json: (value: string) => string): CellPlace {
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

/**
 * Returns the places of the values in the text of a JSON object, by their keys; of several of one key, the last, which is the
 * one that counts.
 */
function placesOf(line: string): ReadonlyMap<string, { from: number; to: number }> {
  const places = new Map<string, { from: number; to: number }>();
  let depth = 0;
  let isValue = false;
  let key = '';
  for (const { 0: token, index } of line.matchAll(tokens)) {
    if (token === '}' || token === ']') depth--;
    if (depth === 1 && (token === ',' || token === ':')) isValue = token === ':';
    else if (depth === 1 && !isValue && token.startsWith('"')) key = JSON.parse(token);
    else if (depth === 1 && isValue) {
      const from = token === '}' || token === ']' ? places.get(key)!.from : index;
      places.set(key, { from, to: index + token.length });
    }
    if (token === '{' || token === '[') depth++;
  }
  return places;
}
