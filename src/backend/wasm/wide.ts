// V8's revectorizer makes 256-bit instructions of pairs of 128-bit ones, which nearly doubles the speed. It
// is experimental and off by default, so a module is compiled once more with it, and used only if it computes
// the same result, bit for bit.
import { packedSize, reservedWords, weightGradientScratch } from '../../tape/planning/kernels.ts';
import { random } from '../../tape/random.ts';
import { tiles, wideTiles } from './chooseTile.ts';
import { type Build, createMemory, instantiate, type LoadedModule } from './module.ts';

/** Turns the revectorizer on or off for later compilations; it is a flag of the whole process. */
export type SetRevectorizer = (on: boolean) => void;

/**
 * Compiles a module once more, with wide vectors.
 * @returns null where one of the main kernels computes another result with them
 */
export async function revectorized(
  loaded: LoadedModule,
  read: (build: Build) => Promise<WebAssembly.BufferSource>,
  setRevectorizer: SetRevectorizer,
): Promise<LoadedModule | null> {
  const bytes = marked(await read(loaded.build));
  setRevectorizer(true);
  let module: WebAssembly.Module;
  try {
    // The module is compiled synchronously, because the flag is on for this compilation only.
    module = new WebAssembly.Module(bytes);
  } finally {
    setRevectorizer(false);
  }
  const wide = { build: loaded.build, module };
  const expected = results(loaded);
  const actual = results(wide);
  return actual.every((word, index) => word === expected[index]) ? wide : null;
}

/**
 * Adds an empty custom section to a module; without it V8 would reuse the code that it has already compiled.
 */
function marked(bytes: WebAssembly.BufferSource): Uint8Array<ArrayBuffer> {
  const section = [0, 2, 1, 'w'.charCodeAt(0)];
  return Uint8Array.from([
    ...new Uint8Array(bytes instanceof ArrayBuffer ? bytes : bytes.slice().buffer),
    ...section,
  ]);
}

/** Returns the bits that the main kernels of a training step compute from fixed inputs. */
function results(loaded: LoadedModule): Int32Array {
  const [m, k, n] = [27, 70, 45];
  const size = 4096;
  const [a, b, c, out, packed] = [0, 1, 2, 3, 4].map((index) => reservedWords + index * size);
  const end = packed + packedSize(k, n) + weightGradientScratch(n);
  const memory = createMemory(loaded.build, end);
  const floats = new Float32Array(memory.buffer);
  const next = random(1);
  const collected: number[] = [];
  for (const tile of [...tiles, ...wideTiles]) {
    const kernels = instantiate(loaded.module, memory, tile);
    const check = (work: () => void) => {
      work();
      collected.push(...new Int32Array(memory.buffer, out * 4, size));
    };
    for (let i = a; i < packed; i++) floats[i] = (next() - 0.5) * 8;
    for (const name of ['sigmoid', 'tanh', 'exp', 'log', 'relu', 'softmax', 'layerNorm'] as const)
      check(() => kernels[name](out, n + 1, a, n + 2, m, n));
    for (const name of ['add', 'multiply', 'subtract', 'divide', 'sigmoidGradient', 'tanhGradient'] as const)
      check(() => kernels[name](out, n, a, n, b, n, m, n));
    check(() => kernels.columnSum(out, a, n, m, n));
    check(() => kernels.adam(out, a, b, c, size, 0.1, 0.5, 0.9, 0.999, 1e-7, 0.1, 0.001, 1));
    check(() => {
      kernels.packColumns(packed, b, k, k, n);
      kernels.matmul(out, n, a, k, packed, c, n, m, k, n);
    });
    check(() => {
      kernels.packRows(packed, b, n, k, n);
      kernels.matmul(out, n, a, k, packed, -1, 0, m, k, n);
    });
    check(() => kernels.weightGradient(out, n, a, m, b, n, packed, m, k, n));
  }
  return Int32Array.from(collected);
}
