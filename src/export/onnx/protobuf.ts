// Encodes and decodes messages of Protocol Buffers that are described by tables: a name, a field number and a
// type for each field. A message that is decoded has all fields, and those that the bytes lack are empty.
import { PbfReader, PbfWriter } from 'pbf';

interface Types {
  int: number;
  float: number;
  string: string;
  bytes: Uint8Array;
  ints: number[];
  floats: number[];
  doubles: number[];
  strings: string[];
}

type Scalar = keyof Types;

/** A field: its number, its type, and whether a message occurs any number of times or at most once. */
type Field<T> =
  | (T extends Types[Scalar]
      ? readonly [number, { [S in Scalar]: T extends Types[S] ? S : never }[Scalar]]
      : never)
  | (T extends readonly (infer U)[] ? readonly [number, 'each', () => Message<U>] : never)
  | (T extends object | null ? readonly [number, 'one', () => Message<NonNullable<T>>] : never);

/** The fields of a message by name. */
export type Message<T> = { readonly [K in keyof T]: Field<T[K]> };

type AnyField = readonly [number, Scalar | 'each' | 'one', (() => AnyMessage)?];
type AnyMessage = Readonly<Record<string, AnyField>>;
type Values = Record<string, unknown>;

export function encode<T extends object>(message: Message<T>, value: T): Uint8Array {
  const writer = new PbfWriter();
  write(message as unknown as AnyMessage, value as Values, writer);
  return writer.finish();
}

/** @throws Error when the bytes are not a message */
export function decode<T extends object>(message: Message<T>, bytes: Uint8Array): T {
  return read(message as unknown as AnyMessage, new PbfReader(bytes), bytes.length) as T;
}

function write(message: AnyMessage, value: Values, writer: PbfWriter): void {
  for (const [name, [number, type, of]] of Object.entries(message)) {
    const field = value[name];
    const all = type === 'each' ? (field as Values[]) : type === 'one' && field ? [field as Values] : [];
    for (const each of all) writer.writeMessage(number, (part, to) => write(of!(), part, to), each);
    switch (type) {
      case 'int':
        if (field !== 0) writer.writeVarintField(number, field as number);
        break;
      case 'float':
        if (field !== 0) writer.writeFloatField(number, field as number);
        break;
      case 'string':
        if (field !== '') writer.writeStringField(number, field as string);
        break;
      case 'bytes':
        if ((field as Uint8Array).length > 0) writer.writeBytesField(number, field as Uint8Array);
        break;
      case 'ints':
        writer.writePackedVarint(number, field as number[]);
        break;
      case 'floats':
        writer.writePackedFloat(number, field as number[]);
        break;
      case 'doubles':
        writer.writePackedDouble(number, field as number[]);
        break;
      case 'strings':
        for (const each of field as string[]) writer.writeStringField(number, each);
        break;
    }
  }
}

const nothing: Readonly<Record<Scalar | 'each' | 'one', () => unknown>> = {
  int: () => 0,
  float: () => 0,
  string: () => '',
  bytes: () => new Uint8Array(),
  ints: () => [],
  floats: () => [],
  doubles: () => [],
  strings: () => [],
  each: () => [],
  one: () => null,
};

function read(message: AnyMessage, reader: PbfReader, end: number): Values {
  if (end > reader.length) throw new Error('The message is truncated.');
  const fields = new Map(Object.entries(message).map(([name, field]) => [field[0], { name, field }]));
  const value: Values = {};
  for (const [name, [, type]] of Object.entries(message)) value[name] = nothing[type]();
  while (reader.pos < end) {
    const tag = reader.readVarint();
    reader.type = tag & 7;
    const known = fields.get(tag >>> 3);
    if (known) readField(known.field, value, known.name, reader);
    else reader.skip(tag);
  }
  if (reader.pos !== end) throw new Error('The message is truncated.');
  return value;
}

function readField([, type, of]: AnyField, value: Values, name: string, reader: PbfReader): void {
  switch (type) {
    case 'int':
      value[name] = reader.readVarint(true);
      break;
    case 'float':
      value[name] = reader.readFloat();
      break;
    case 'string':
      value[name] = reader.readString();
      break;
    case 'bytes':
      value[name] = reader.readBytes();
      break;
    case 'ints':
      reader.readPackedVarint(value[name] as number[], true);
      break;
    case 'floats':
      reader.readPackedFloat(value[name] as number[]);
      break;
    case 'doubles':
      reader.readPackedDouble(value[name] as number[]);
      break;
    case 'strings':
      (value[name] as string[]).push(reader.readString());
      break;
    default: {
      const length = reader.readVarint();
      const part = read(of!(), reader, reader.pos + length);
      if (type === 'each') (value[name] as Values[]).push(part);
      else value[name] = part;
    }
  }
}
