// Finds the values of a graph that do not depend on its inputs: initializers, and what is made of them by
// operators that move numbers and do not change them.
import { Problem } from '../../protocol/problem.ts';
import { type Attribute, elementTypes, type Graph, type Node, type Tensor } from './format.ts';

export interface Constant {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** The sizes of an Expand that change nothing. */
const noSizes: Constant = { shape: [0], data: new Float64Array() };

/** The most numbers that an operator may make of a few. */
const mostRepeated = 10_000_000;

export const attributesOf = (node: Node): ReadonlyMap<string, Attribute> =>
  new Map(node.attributes.map((attribute) => [attribute.name, attribute]));

/** @throws Problem when an initializer cannot be read */
export function constantsOf({ nodes, initializers }: Graph): ReadonlyMap<string, Constant> {
  const constants = new Map<string, Constant>();
  for (const tensor of initializers) constants.set(tensor.name, readTensor(tensor));
  // The format orders nodes so that each comes after those it reads.
  for (const node of nodes) {
    const inputs = node.inputs.map((name) => (name === '' ? null : constants.get(name)));
    // A state that is repeated for each row of a batch stands for one row.
    if (node.operator === 'Expand' && inputs[0] && inputs[1] === undefined) inputs[1] = noSizes;
    if (node.outputs.length !== 1 || inputs.includes(undefined)) continue;
    const value = fold(node, inputs as (Constant | null)[]);
    if (value) constants.set(node.outputs[0], value);
  }
  return constants;
}

/** @throws Problem when the numbers are of another type, in another file, or fewer than the shape says */
export function readTensor(tensor: Tensor): Constant {
  const { name, dims, type, raw, location } = tensor;
  if (location !== 0)
    throw new Problem(
      `The numbers of ${JSON.stringify(name)} are in a file beside the ONNX file: save the model as one file (\`save_as_external_data=False\`).`,
    );
  const size = dims.reduce((product, dim) => product * dim, 1);
  const numbers = numbersOf(tensor);
  if (!numbers)
    throw new Problem(
      `${JSON.stringify(name)} holds numbers of a type that is not read (number ${type} of ONNX): convert the model to 32-bit floating point.`,
    );
  if (numbers.length !== size)
    throw new Problem(
      `The ONNX file is damaged: ${JSON.stringify(name)} should hold ${size} numbers and holds ${raw.length > 0 ? 'another number of bytes' : numbers.length}.`,
    );
  return { shape: dims, data: numbers };
}

function numbersOf({ type, raw, floats, doubles, ints, longs }: Tensor): Constant['data'] | null {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const count = (bytes: number) => Math.floor(raw.length / bytes);
  switch (type) {
    case elementTypes.float32:
      // The copy is aligned.
      return raw.length > 0
        ? new Float32Array(new Uint8Array(raw.subarray(0, 4 * count(4))).buffer)
        : Float32Array.from(floats);
    case elementTypes.float64:
      return raw.length > 0
        ? Float32Array.from({ length: count(8) }, (_, i) => view.getFloat64(8 * i, true))
        : Float32Array.from(doubles);
    case elementTypes.int64:
      return raw.length > 0
        ? Float64Array.from({ length: count(8) }, (_, i) => Number(view.getBigInt64(8 * i, true)))
        : Float64Array.from(longs);
    case elementTypes.int32:
      return raw.length > 0
        ? Float64Array.from({ length: count(4) }, (_, i) => view.getInt32(4 * i, true))
        : Float64Array.from(ints);
    case elementTypes.bool:
      return Float64Array.from(raw.length > 0 ? raw : ints);
    default:
      return null;
  }
}

/** @returns null where the operator is none that is known here, or its arguments do not fit together */
function fold(node: Node, inputs: readonly (Constant | null)[]): Constant | null {
  const attributes = attributesOf(node);
  const [input, second] = inputs;
  const rank = input?.shape.length ?? 0;
  /** The axes or sizes, which older versions have as an attribute and newer ones as an input. */
  const integers = (name: string) => second?.data ?? attributes.get(name)?.ints ?? null;
  const axisOf = (axis: number, of = rank) => (axis < 0 ? axis + of : axis);
  if (node.operator === 'Constant') {
    const { tensor } = attributes.get('value') ?? {};
    return tensor ? readTensor(tensor) : null;
  }
  if (!input) return null;
  switch (node.operator) {
    case 'Identity':
    case 'Cast':
      return input;
    case 'Transpose': {
      const order = attributes.get('perm')?.ints ?? input.shape.map((_, axis) => rank - 1 - axis);
      return order.length === rank ? transpose(input, order) : null;
    }
    case 'Reshape': {
      const sizes = [...(integers('shape') ?? [])].map((size, axis) =>
        size === 0 ? input.shape[axis] : size,
      );
      const known = sizes.reduce((product, size) => (size === -1 ? product : product * size), 1);
      return reshape(
        input,
        sizes.map((size) => (size === -1 ? input.data.length / known : size)),
      );
    }
    case 'Unsqueeze': {
      const axes = [...(integers('axes') ?? [])];
      const shape = [...input.shape];
      for (const axis of axes.map((axis) => axisOf(axis, rank + axes.length)).sort((a, b) => a - b))
        shape.splice(axis, 0, 1);
      return reshape(input, shape);
    }
    case 'Squeeze': {
      const axes = integers('axes');
      const gone = axes ? new Set([...axes].map((axis) => axisOf(axis))) : null;
      return reshape(
        input,
        input.shape.filter((size, axis) => (gone ? !gone.has(axis) : size !== 1)),
      );
    }
    case 'Concat':
      return concatenate(inputs as Constant[], axisOf(attributes.get('axis')?.int ?? 0));
    case 'Gather': {
      if (!second) return null;
      const axis = axisOf(attributes.get('axis')?.int ?? 0);
      const size = input.shape[axis];
      const taken = take(
        input,
        axis,
        [...second.data].map((index) => (index < 0 ? index + size : index)),
      );
      return (
        taken &&
        reshape(taken, [...input.shape.slice(0, axis), ...second.shape, ...input.shape.slice(axis + 1)])
      );
    }
    case 'Slice':
      return slice(inputs, attributes);
    case 'Expand':
      return second ? expand(input, [...second.data]) : null;
    case 'ConstantOfShape': {
      const { tensor } = attributes.get('value') ?? {};
      return expand({ shape: [], data: tensor ? readTensor(tensor).data : new Float32Array(1) }, [
        ...input.data,
      ]);
    }
    default:
      return null;
  }
}

function reshape({ shape, data }: Constant, sizes: readonly number[]): Constant | null {
  const size = sizes.reduce((product, each) => product * each, 1);
  return size === data.length && shape.every(Number.isInteger) ? { shape: sizes, data } : null;
}

export function transpose({ shape, data }: Constant, order: readonly number[]): Constant | null {
  if (order.some((axis) => shape[axis] === undefined)) return null;
  const strides = stridesOf(shape);
  return gather(
    data,
    order.map((axis) => shape[axis]),
    order.map((axis) => strides[axis]),
  );
}

/** Takes the given places of an axis. */
function take({ shape, data }: Constant, axis: number, places: readonly number[]): Constant | null {
  const size = shape[axis];
  if (size === undefined || places.some((place) => !(place >= 0 && place < size))) return null;
  const inner = shape.slice(axis + 1).reduce((product, each) => product * each, 1);
  const outer = shape.slice(0, axis).reduce((product, each) => product * each, 1);
  if (outer * places.length * inner > Math.max(data.length, mostRepeated)) return null;
  const taken = emptyLike(data, outer * places.length * inner);
  for (let o = 0; o < outer; o++)
    for (const [index, place] of places.entries()) {
      const from = (o * size + place) * inner;
      taken.set(data.subarray(from, from + inner), (o * places.length + index) * inner);
    }
  return { shape: shape.map((each, at) => (at === axis ? places.length : each)), data: taken };
}

function slice(
  [input, ...said]: readonly (Constant | null)[],
  attributes: ReadonlyMap<string, Attribute>,
): Constant | null {
  const list = (index: number, name: string) =>
    said[index] ? [...said[index].data] : (attributes.get(name)?.ints ?? null);
  const [starts, ends, steps] = [list(0, 'starts'), list(1, 'ends'), list(3, 'steps')];
  if (!input || !starts || !ends || (steps?.some((step) => step !== 1) ?? false)) return null;
  const axes = list(2, 'axes') ?? starts.map((_, index) => index);
  let result: Constant | null = input;
  for (const [index, axis] of axes.entries()) {
    if (!result) return null;
    const at = axis < 0 ? axis + input.shape.length : axis;
    const size = input.shape[at] ?? 0;
    const bound = (end: number) => Math.min(Math.max(end < 0 ? end + size : end, 0), size);
    const from = bound(starts[index]);
    const places = Array.from({ length: Math.max(0, bound(ends[index]) - from) }, (_, i) => from + i);
    result = take(result, at, places);
  }
  return result;
}

function concatenate(parts: readonly Constant[], axis: number): Constant | null {
  const [{ shape }] = parts;
  const alike = parts.every(
    (part) =>
      part.shape.length === shape.length && part.shape.every((size, at) => at === axis || size === shape[at]),
  );
  if (!alike || shape[axis] === undefined) return null;
  const inner = shape.slice(axis + 1).reduce((product, each) => product * each, 1);
  const outer = shape.slice(0, axis).reduce((product, each) => product * each, 1);
  const total = parts.reduce((sum, part) => sum + part.shape[axis], 0);
  const data = emptyLike(parts[0].data, outer * total * inner);
  let at = 0;
  for (let o = 0; o < outer; o++)
    for (const part of parts) {
      const length = part.shape[axis] * inner;
      data.set(part.data.subarray(o * length, (o + 1) * length), at);
      at += length;
    }
  return { shape: shape.map((size, index) => (index === axis ? total : size)), data };
}

/** Repeats a value along dimensions of size 1, as ONNX's Expand does. */
function expand({ shape, data }: Constant, sizes: readonly number[]): Constant | null {
  const rank = Math.max(shape.length, sizes.length);
  const padded = (list: readonly number[]) => [...Array(rank - list.length).fill(1), ...list];
  const [from, to] = [padded(shape), padded(sizes)];
  const result = from.map((size, axis) => (size === 1 ? to[axis] : size));
  if (from.some((size, axis) => size !== 1 && to[axis] !== 1 && to[axis] !== size)) return null;
  if (!(result.reduce((product, size) => product * size, 1) <= mostRepeated)) return null;
  const strides = stridesOf(from).map((stride, axis) => (from[axis] === 1 ? 0 : stride));
  return gather(data, result, strides);
}

/** Reads an array with a stride for each dimension. */
function gather(data: Constant['data'], shape: readonly number[], strides: readonly number[]): Constant {
  const size = shape.reduce((product, each) => product * each, 1);
  const result = emptyLike(data, size);
  const place = shape.map(() => 0);
  let from = 0;
  for (let at = 0; at < size; at++) {
    result[at] = data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++place[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      place[axis] = 0;
    }
  }
  return { shape, data: result };
}

function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

const emptyLike = (data: Constant['data'], length: number): Constant['data'] =>
  data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
