// Compiles the kernels in assembly/ and the loops of elementwiseKernels.mjs to
// out/kernels/{simd,relaxed,single}.wasm. The compiler takes seconds, so a module is compiled again only when
// its sources have changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { elementwiseKernels } from './elementwiseKernels.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const outDirectory = join(here, '..', '..', 'out', 'kernels');

const common = ['--runtime', 'stub', '-O3', '--noAssert', '--enable', 'simd', '--importMemory'];
// A shared memory must declare how far it may grow; 65,536 pages are all that 32 bits can address.
const shared = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'];
const builds = {
  simd: [...common, ...shared],
  /** This build uses fused multiply-add; it does not load where the JavaScript engine lacks that. */
  relaxed: [...common, ...shared, '--enable', 'relaxed-simd'],
  /** This build is for environments where memory cannot be shared. */
  single: common,
};

function fingerprint() {
  const hash = createHash('sha256');
  for (const name of ['build.mjs', 'elementwiseKernels.mjs']) hash.update(readFileSync(join(here, name)));
  for (const name of readdirSync(join(here, 'assembly')).sort())
    hash.update(name).update(readFileSync(join(here, 'assembly', name)));
  return hash.digest('hex');
}

export async function buildKernels() {
  const stamp = join(outDirectory, 'fingerprint');
  const current = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === current) return;
  mkdirSync(outDirectory, { recursive: true });
  const generated = join(outDirectory, 'elementwise.ts');
  writeFileSync(
    generated,
    elementwiseKernels(readFileSync(join(here, 'assembly', 'elementwise.ts'), 'utf8')),
  );
  for (const [name, flags] of Object.entries(builds)) {
    const out = join(outDirectory, `${name}.wasm`);
    const { error, stderr } = await asc.main([
      join(here, 'assembly', 'index.ts'),
      generated,
      '--outFile',
      out,
      ...flags,
    ]);
    if (error) throw new Error(`The kernels do not compile:\n${stderr}`, { cause: error });
  }
  writeFileSync(stamp, current);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
