// The files of a model's folder, and ways to damage them.
import * as fc from 'fast-check';
import { type PartKind, partName } from '../../../../src/store/names.ts';
import type { Entry, MemoryFiles } from '../../../store/memoryFiles.ts';

export type FileKind = 'manifest' | PartKind;

export type Folder = Readonly<Record<FileKind, Entry | null>>;

const fileKinds: readonly FileKind[] = ['manifest', 'weights', 'text', 'checkpoint', 'history'];

/**
 * The files with JSON: besides whole files, the header of a safetensors file and the content of a
 * checkpoint's metadata.
 */
const jsonKinds = ['manifest', 'history', 'weights', 'checkpoint', 'metadata'] as const;

const tensorChanges = ['remove', 'rename', 'reshape', 'not a number', 'huge', 'infinite', 'double'] as const;

export type Damage =
  | { readonly kind: 'flip'; readonly file: FileKind; readonly at: number; readonly bits: number }
  | { readonly kind: 'cut'; readonly file: FileKind; readonly at: number }
  | {
      readonly kind: 'json';
      readonly file: (typeof jsonKinds)[number];
      /** The place of the damaged value among all values, as a share. */
      readonly at: number;
      /** The value that replaces it; the damaged value is removed where this is missing. */
      readonly value?: unknown;
    }
  | {
      readonly kind: 'tensor';
      readonly file: 'weights' | 'checkpoint';
      readonly at: number;
      readonly change: (typeof tensorChanges)[number];
    }
  | { readonly kind: 'swap'; readonly file: FileKind; readonly base: number }
  | {
      readonly kind: 'place';
      readonly file: FileKind;
      readonly as: 'missing' | 'link' | 'directory' | 'other' | 'empty';
    };

export interface DamagedFolder {
  readonly base: number;
  readonly damages: readonly Damage[];
  /** Whether the names say what the damaged files hold, and the manifest names them. */
  readonly renamed: boolean;
  /** Whether it is tried on the real disk. */
  readonly real: boolean;
  /** Whether the run is to go on, where it can be read, and not only its model. */
  readonly goesOn: boolean;
}

/** A share of the whole, from 0 to below 1; any is as likely as any other. */
const at = fc.noBias(fc.nat(999_999)).map((n) => n / 1e6);
const file = fc.constantFrom(...fileKinds);
const value = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, '', 'x', -1, 0, 1, 0.5, 3, 1e9, 1e308, -1e308, 2 ** 53, [], {}, [1], 'NaN'],
    ...['Infinity', '../../../etc/passwd', '/etc/passwd', '\0', 'x'.repeat(100_000), 'h[t] = tanh(W x[t])'],
    ...[Array(3000).fill({ cell: 'GRU', hidden: 1 }), Array(5000).fill(1), '\ud800', '__proto__', 4096],
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

export const damagedFolders = (bases: number): fc.Arbitrary<DamagedFolder> =>
  fc.record({
    base: fc.nat(bases - 1),
    damages: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('flip' as const), file, at, bits: fc.integer({ min: 1, max: 255 }) }),
        fc.record({ kind: fc.constant('cut' as const), file, at }),
        {
          weight: 4,
          arbitrary: fc.record(
            { kind: fc.constant('json' as const), file: fc.constantFrom(...jsonKinds), at, value },
            { requiredKeys: ['kind', 'file', 'at'] },
          ),
        },
        {
          weight: 2,
          arbitrary: fc.record({
            kind: fc.constant('tensor' as const),
            file: fc.constantFrom('weights' as const, 'checkpoint' as const),
            at,
            change: fc.constantFrom(...tensorChanges),
          }),
        },
        fc.record({ kind: fc.constant('swap' as const), file, base: fc.nat(bases - 1) }),
        fc.record({
          kind: fc.constant('place' as const),
          file,
          as: fc.constantFrom('missing', 'link', 'directory', 'other', 'empty'),
        }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    renamed: fc.boolean(),
    real: fc.nat(39).map((n) => n === 0),
    goesOn: fc.nat(7).map((n) => n === 0),
  });

export function damaged(folder: Folder, damage: Damage, bases: readonly Folder[]): Folder {
  const bytes = folder[damage.file === 'metadata' ? 'checkpoint' : damage.file];
  const put = (kind: FileKind, entry: Entry | null): Folder => ({ ...folder, [kind]: entry });
  if (damage.kind === 'place') {
    const empty = damage.as === 'empty' ? new Uint8Array() : damage.as;
    return put(damage.file, damage.as === 'missing' ? null : (empty as Entry));
  }
  if (damage.kind === 'swap') return put(damage.file, bases[damage.base][damage.file]);
  if (!(bytes instanceof Uint8Array)) return folder;
  const index = Math.floor(damage.at * bytes.length);
  switch (damage.kind) {
    case 'flip':
      return put(
        damage.file,
        bytes.map((byte, n) => (n === index ? byte ^ damage.bits : byte)),
      );
    case 'cut':
      return put(damage.file, bytes.slice(0, index));
    case 'tensor':
      return put(damage.file, withTensor(bytes, damage));
    case 'json':
      switch (damage.file) {
        case 'manifest':
        case 'history':
          return put(damage.file, encoded(mutate(decoded(bytes), damage)));
        case 'weights':
        case 'checkpoint': {
          const { header, data } = unpacked(bytes);
          return put(damage.file, packed(mutate(header, damage), data));
        }
        case 'metadata': {
          const { header, data } = unpacked(bytes);
          const metadata = header?.__metadata__ as Record<string, string> | undefined;
          if (typeof metadata?.checkpoint !== 'string') return folder;
          const checkpoint = JSON.stringify(
            mutate(decoded(new TextEncoder().encode(metadata.checkpoint)), damage),
          );
          return put('checkpoint', packed({ ...header, __metadata__: { ...metadata, checkpoint } }, data));
        }
      }
  }
}

type Json = Record<string, unknown>;

/** Returns the JSON of the bytes; undefined where they are not JSON. */
function decoded(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

const encoded = (value: unknown) => new TextEncoder().encode(JSON.stringify(value) ?? '');

function unpacked(bytes: Uint8Array): { header: Json | null; data: Uint8Array } {
  const length =
    bytes.length < 8 ? 0 : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = decoded(bytes.subarray(8, 8 + length));
  return {
    header: typeof header === 'object' ? (header as Json | null) : null,
    data: bytes.subarray(8 + length),
  };
}

function packed(header: unknown, data: Uint8Array): Uint8Array {
  const json = encoded(header);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

/** Returns a copy in which one of all the values within is replaced or removed. */
function mutate(json: unknown, damage: { at: number; value?: unknown }): unknown {
  const paths: (readonly (string | number)[])[] = [];
  const collect = (value: unknown, path: readonly (string | number)[]) => {
    paths.push(path);
    if (typeof value === 'object' && value !== null)
      for (const [key, each] of Object.entries(value)) collect(each, [...path, key]);
  };
  collect(json, []);
  const path = paths[Math.floor(damage.at * paths.length)];
  if (path.length === 0) return damage.value;
  const copy = structuredClone(json);
  let parent = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) parent = parent[key] as typeof parent;
  const last = path[path.length - 1];
  if ('value' in damage) parent[last] = damage.value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}

function withTensor(bytes: Uint8Array, { at, change }: Damage & { kind: 'tensor' }): Uint8Array {
  const { header, data } = unpacked(bytes);
  const names = Object.keys(header ?? {}).filter((name) => name !== '__metadata__');
  if (!header || names.length === 0) return bytes;
  const name = names[Math.floor(at * names.length)];
  const entry = header[name] as { shape: number[]; data_offsets: [number, number] };
  if (!Array.isArray(entry?.data_offsets) || !Array.isArray(entry.shape)) return bytes;
  const [from] = entry.data_offsets;
  const numbers = data.slice();
  const fill = (value: number) => {
    if (from >= 0 && from + 4 <= numbers.length) new DataView(numbers.buffer).setFloat32(from, value, true);
    return packed(header, numbers);
  };
  const { [name]: _, ...others } = header;
  switch (change) {
    case 'remove':
      return packed(others, data);
    case 'rename':
      return packed({ ...others, [`${name}x`]: entry }, data);
    case 'reshape':
      return packed({ ...header, [name]: { ...entry, shape: [...entry.shape].reverse().concat(1) } }, data);
    case 'double':
      return packed({ ...header, [`${name}2`]: entry }, data);
    case 'not a number':
      return fill(Number.NaN);
    case 'infinite':
      return fill(Number.POSITIVE_INFINITY);
    case 'huge':
      return fill(3e38);
  }
}

/** The names that an earlier version has written, which do not depend on a file's content. */
export const olderNames: Readonly<Partial<Record<PartKind, string>>> = {
  weights: 'weights-7.safetensors',
  checkpoint: 'checkpoint.safetensors',
  history: 'history.json',
};

/** Reads the files of a folder. */
export function readFolder(files: MemoryFiles, directory: string): Folder {
  const bytes = (name: string) => files.entries.get(`${directory}/${name}`)!;
  const manifest = decoded(bytes('model.json') as Uint8Array) as Record<PartKind, string>;
  const { weights, text, checkpoint, history } = manifest;
  return {
    manifest: bytes('model.json'),
    weights: bytes(weights),
    text: bytes(text),
    checkpoint: bytes(checkpoint),
    history: bytes(history),
  };
}

/** Returns the files by name, where `names` were those of the folder before it was damaged. */
export function assembled(
  folder: Folder,
  names: Readonly<Record<PartKind, string>>,
  renamed: boolean,
  digest: (bytes: Uint8Array) => string,
): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const manifest = folder.manifest instanceof Uint8Array ? decoded(folder.manifest) : undefined;
  const said = typeof manifest === 'object' && manifest !== null ? { ...(manifest as Json) } : null;
  for (const kind of ['weights', 'text', 'checkpoint', 'history'] as const) {
    const entry = folder[kind];
    if (entry === null) continue;
    const isSaid = said !== null && said[kind] === names[kind];
    const name = renamed && entry instanceof Uint8Array ? partName(kind, digest(entry)) : names[kind];
    if (renamed && isSaid) said[kind] = name;
    entries.set(name, entry);
  }
  if (folder.manifest !== null) entries.set('model.json', renamed && said ? encoded(said) : folder.manifest);
  return entries;
}
