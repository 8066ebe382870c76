import * as library from './cells.js';

export * from './cells.js';

// Bundlers find the three files only if each is named in a URL of its own.
const urls = {
  relaxed: () => new URL('./kernels/relaxed.wasm', import.meta.url),
  simd: () => new URL('./kernels/simd.wasm', import.meta.url),
  single: () => new URL('./kernels/single.wasm', import.meta.url),
};

async function read(build) {
  const url = urls[build]();
  const response = await fetch(url);
  if (!response.ok)
    throw new library.Problem(
      `${url} was answered with ${response.status}. Serve the folder kernels beside web.js, or tell \`cells\` how to read it.`,
    );
  return response.arrayBuffer();
}

export const cells = (tf, start = { read }) => library.cells(tf, start);
