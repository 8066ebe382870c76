// The messages of the ONNX format (onnx.proto, IR version 8) that recurrent networks need.
import { decode, encode, type Message } from './protobuf.ts';

export interface Model {
  irVersion: number;
  producerName: string;
  producerVersion: string;
  graph: Graph | null;
  opsets: Opset[];
  metadata: { key: string; value: string }[];
}

export interface Opset {
  /** The empty domain is that of ONNX's own operators. */
  domain: string;
  version: number;
}

export interface Graph {
  nodes: Node[];
  name: string;
  initializers: Tensor[];
  inputs: Value[];
  outputs: Value[];
}

export interface Node {
  /** The names of values; an optional input that is left out has an empty name. */
  inputs: string[];
  outputs: string[];
  name: string;
  operator: string;
  attributes: Attribute[];
  domain: string;
}

export interface Attribute {
  name: string;
  float: number;
  int: number;
  string: string;
  tensor: Tensor | null;
  graph: Graph | null;
  floats: number[];
  ints: number[];
  strings: string[];
  /** One of `attributeTypes`. */
  type: number;
}

export const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
} as const;

export interface Tensor {
  dims: number[];
  /** One of `elementTypes`. */
  type: number;
  floats: number[];
  /** The numbers of 32 bits or fewer. */
  ints: number[];
  longs: number[];
  name: string;
  /** The numbers in little-endian order, where they are in no other field. */
  raw: Uint8Array;
  doubles: number[];
  /** 1 where the numbers are in another file. */
  location: number;
}

export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10, float64: 11 } as const;

/** An input or an output of a graph, and its type. */
export interface Value {
  name: string;
  type: { tensor: { element: number; shape: { dims: Dimension[] } | null } | null } | null;
}

/** The size of a dimension, or a name where the size is open. */
export interface Dimension {
  size: number;
  name: string;
}

const tensor: Message<Tensor> = {
  dims: [1, 'ints'],
  type: [2, 'int'],
  floats: [4, 'floats'],
  ints: [5, 'ints'],
  longs: [7, 'ints'],
  name: [8, 'string'],
  raw: [9, 'bytes'],
  doubles: [10, 'doubles'],
  location: [14, 'int'],
};

const attribute: Message<Attribute> = {
  name: [1, 'string'],
  float: [2, 'float'],
  int: [3, 'int'],
  string: [4, 'string'],
  tensor: [5, 'one', () => tensor],
  graph: [6, 'one', () => graph],
  floats: [7, 'floats'],
  ints: [8, 'ints'],
  strings: [9, 'strings'],
  type: [20, 'int'],
};

const node: Message<Node> = {
  inputs: [1, 'strings'],
  outputs: [2, 'strings'],
  name: [3, 'string'],
  operator: [4, 'string'],
  attributes: [5, 'each', () => attribute],
  domain: [7, 'string'],
};

const dimension: Message<Dimension> = { size: [1, 'int'], name: [2, 'string'] };
const shape: Message<{ dims: Dimension[] }> = { dims: [1, 'each', () => dimension] };
type TensorType = NonNullable<NonNullable<Value['type']>['tensor']>;
const tensorType: Message<TensorType> = { element: [1, 'int'], shape: [2, 'one', () => shape] };
const type: Message<NonNullable<Value['type']>> = { tensor: [1, 'one', () => tensorType] };
const value: Message<Value> = { name: [1, 'string'], type: [2, 'one', () => type] };

const graph: Message<Graph> = {
  nodes: [1, 'each', () => node],
  name: [2, 'string'],
  initializers: [5, 'each', () => tensor],
  inputs: [11, 'each', () => value],
  outputs: [12, 'each', () => value],
};

const opset: Message<Opset> = { domain: [1, 'string'], version: [2, 'int'] };
const property: Message<Model['metadata'][number]> = { key: [1, 'string'], value: [2, 'string'] };

const model: Message<Model> = {
  irVersion: [1, 'int'],
  producerName: [2, 'string'],
  producerVersion: [3, 'string'],
  graph: [7, 'one', () => graph],
  opsets: [8, 'each', () => opset],
  metadata: [14, 'each', () => property],
};

export const encodeModel = (value: Model): Uint8Array => encode(model, value);

/** @throws Error when the bytes are no model */
export const decodeModel = (bytes: Uint8Array): Model => decode(model, bytes);

/** @throws Error when the bytes are no tensor */
export const decodeTensor = (bytes: Uint8Array): Tensor => decode(tensor, bytes);

type AttributeValue =
  | number
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | string
  | readonly number[]
  | readonly string[]
  | Graph;

/** Makes an attribute. Whole numbers are ints, unless they are given as `{ float }` or `{ floats }`. */
export function attributeOf(name: string, value: AttributeValue): Attribute {
  const made: Attribute = {
    name,
    float: 0,
    int: 0,
    string: '',
    tensor: null,
    graph: null,
    floats: [],
    ints: [],
    strings: [],
    type: 0,
  };
  if (typeof value === 'number') return { ...made, int: value, type: attributeTypes.int };
  if (typeof value === 'string') return { ...made, string: value, type: attributeTypes.string };
  if ('float' in value) return { ...made, float: value.float, type: attributeTypes.float };
  if ('floats' in value) return { ...made, floats: [...value.floats], type: attributeTypes.floats };
  if ('nodes' in value) return { ...made, graph: value, type: attributeTypes.graph };
  return isTexts(value)
    ? { ...made, strings: [...value], type: attributeTypes.strings }
    : { ...made, ints: [...value], type: attributeTypes.ints };
}

const isTexts = (value: readonly unknown[]): value is readonly string[] => typeof value[0] === 'string';

/** Makes a tensor of 32-bit numbers, or of 64-bit whole numbers. */
export function tensorOf(name: string, dims: readonly number[], data: Float32Array | BigInt64Array): Tensor {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const type = data instanceof Float32Array ? elementTypes.float32 : elementTypes.int64;
  return { dims: [...dims], type, floats: [], ints: [], longs: [], name, raw, doubles: [], location: 0 };
}

/** Describes an input or an output. A dimension that is a text is open. */
export function describeValue(name: string, element: number, dims: readonly (number | string)[]): Value {
  const shape = {
    dims: dims.map((dim) => (typeof dim === 'number' ? { size: dim, name: '' } : { size: 0, name: dim })),
  };
  return { name, type: { tensor: { element, shape } } };
}
