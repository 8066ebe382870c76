// Writes the kernels of the element-wise operations: a loop over a block for each function of
// assembly/elementwise.ts. AssemblyScript inlines no function that is passed as a value, so that a loop which
// they shared would make a call for every four numbers.

/** @param source the text of assembly/elementwise.ts */
export function elementwiseKernels(source) {
  const functions = [...source.matchAll(/^export function (\w+)\(([^)]*)\): v128 \{$/gm)];
  if (functions.length !== source.match(/^export /gm).length)
    throw new Error(
      'A function of elementwise.ts is not written as the others: its head is to stand on one line.',
    );
  return [
    "import { loadPart, storePart } from '../../src/kernels/assembly/lanes';",
    "import * as operation from '../../src/kernels/assembly/elementwise';",
    ...functions.map(([, name, parameters]) =>
      kernel(
        name,
        parameters.split(', ').map((parameter) => parameter.split(':')[0]),
      ),
    ),
  ].join('\n');
}

/** The loop works on two vectors at a time and then on the rest; a block without gaps is one long row to it. */
const kernel = (name, operands) => {
  const each = (f, separator = '\n') => operands.map(f).join(separator);
  return `
export function ${name}(
  out: usize,
  outStride: usize,
${each((a) => `  ${a}: usize,\n  ${a}Stride: usize,`)}
  rows: usize,
  width: usize,
): void {
  if (outStride == width${each((a) => ` && ${a}Stride == width`, '')}) {
    width *= rows;
    rows = 1;
  }
  const bytes = width << 2;
  const pairs = bytes & ~31;
  out <<= 2;
${each((a) => `  ${a} <<= 2;`)}
  for (let row: usize = 0; row < rows; row++) {
    let i: usize = 0;
    for (; i < pairs; i += 32) {
${each((a) => `      const ${a}0 = v128.load(${a} + i);\n      const ${a}1 = v128.load(${a} + i, 16);`)}
      const y0 = operation.${name}(${each((a) => `${a}0`, ', ')});
      const y1 = operation.${name}(${each((a) => `${a}1`, ', ')});
      v128.store(out + i, y0);
      v128.store(out + i, y1, 16);
    }
    for (; i < bytes; i += 16) {
      const left = (bytes - i) >> 2;
      storePart(out + i, operation.${name}(${each((a) => `loadPart(${a} + i, left)`, ', ')}), left);
    }
    out += outStride << 2;
${each((a) => `    ${a} += ${a}Stride << 2;`)}
  }
}`;
};
