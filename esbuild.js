// node esbuild.js [--watch] [--production]: everything that runs, into out/.
import { copyFileSync, cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { context } from 'esbuild';
import { writeDeclarations } from './scripts/declarations.ts';
import { buildKernels } from './src/kernels/build.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: production,
  sourcemap: !production,
  logLevel: 'warning',
  loader: { '.rnn': 'text', '.py': 'text' },
};

/** @type {import('esbuild').BuildOptions} */
const inNode = {
  ...common,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
};

/**
 * What is imported as it is needed is a bundle of its own.
 * @param {RegExp} filter
 * @param {string} bundle
 * @returns {import('esbuild').Plugin}
 */
const apart = (filter, bundle) => ({
  name: `${bundle}-apart`,
  setup(build) {
    build.onResolve({ filter }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `./${bundle}.cjs`, external: true } : undefined,
    );
  },
});

/** TensorFlow.js is ten times the size of all the rest. */
const tfjsApart = apart(/backend\/tfjs\/engine\.ts$/, 'tfjs');
const inTextApart = apart(/\/inText\/index\.ts$/, 'inText');
const sampleTextApart = apart(/\/sampleText\.ts$/, 'sampleText');
const folderApart = apart(/\/folder\.ts$/, 'folder');
const chooseFolderApart = apart(/\/chooseFolder\.ts$/, 'chooseFolder');
const trainAgainApart = apart(/\/trainAgain\.ts$/, 'trainAgain');
const chooseUseApart = apart(/\/chooseUse\.ts$/, 'chooseUse');
const deleteAllApart = apart(/\/deleteAll\.ts$/, 'deleteAll');
const moveTextApart = apart(/\/moveText\.ts$/, 'moveText');
const modelCommandsApart = apart(/\/modelCommands\.ts$/, 'modelCommands');
const runResultApart = apart(/\/runResult\.ts$/, 'runResult');
const saveAsApart = apart(/\/saveAs\.ts$/, 'saveAs');
const oneRequestApart = apart(/\/oneRequest\.ts$/, 'oneRequest');
const exchangeApart = apart(/\/exchange\.ts$/, 'exchange');
const tableApart = apart(/\/table\/index\.ts$/, 'table');
const rnnApart = apart(/\/rnn\/index\.ts$/, 'rnn');

const contexts = await Promise.all([
  context({
    ...inNode,
    entryPoints: {
      extension: 'src/extension.ts',
      inText: 'src/editor/inText/index.ts',
      sampleText: 'src/editor/walkthrough/sampleText.ts',
      folder: 'src/editor/runs/folder.ts',
      chooseFolder: 'src/editor/runs/chooseFolder.ts',
      trainAgain: 'src/editor/runs/trainAgain.ts',
      chooseUse: 'src/editor/models/chooseUse.ts',
      deleteAll: 'src/editor/models/deleteAll.ts',
      moveText: 'src/editor/models/moveText.ts',
      modelCommands: 'src/editor/models/modelCommands.ts',
      runResult: 'src/editor/runs/runResult.ts',
      saveAs: 'src/editor/text/saveAs.ts',
      oneRequest: 'src/editor/workers/oneRequest.ts',
      exchange: 'src/editor/models/exchange.ts',
      rnn: 'src/editor/rnn/index.ts',
      table: 'src/editor/table/index.ts',
    },
    external: ['vscode'],
    plugins: [
      inTextApart,
      sampleTextApart,
      folderApart,
      chooseFolderApart,
      trainAgainApart,
      chooseUseApart,
      deleteAllApart,
      moveTextApart,
      modelCommandsApart,
      runResultApart,
      saveAsApart,
      oneRequestApart,
      exchangeApart,
      rnnApart,
      tableApart,
    ],
    outdir: 'out',
    metafile: true,
  }),
  context({
    ...inNode,
    entryPoints: {
      trainer: 'src/platform/node/trainer.ts',
      predictor: 'src/platform/node/predictor.ts',
      kernelThread: 'src/platform/node/kernelThread.ts',
      laboratory: 'src/platform/node/laboratory.ts',
      sampler: 'src/platform/node/sampler.ts',
      exporter: 'src/platform/node/exporter.ts',
      inspector: 'src/platform/node/inspector.ts',
      cli: 'src/cli/main.ts',
      tfjs: 'src/backend/tfjs/engine.ts',
    },
    plugins: [tfjsApart],
    // Papa Parse could download what it parses, and nothing here may ask another machine.
    define: { XMLHttpRequest: 'undefined' },
    outdir: 'out',
  }),
  context({
    ...common,
    entryPoints: { cells: 'src/library/cells.ts' },
    outdir: 'out',
    platform: 'neutral',
    target: 'es2022',
    format: 'esm',
  }),
  context({
    ...common,
    entryPoints: { tf: 'media/tf.js' },
    outdir: 'out/web',
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    minify: true,
    sourcemap: false,
  }),
  context({
    ...common,
    entryPoints: { generate: 'media/web/generate.ts' },
    outdir: 'out/web',
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    // It is handed out to be read and changed.
    minify: false,
    sourcemap: false,
  }),
  context({
    ...common,
    entryPoints: { panel: 'media/panel/main.ts', cell: 'media/cell/main.ts' },
    outdir: 'out/media',
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    loader: { '.css': 'css' },
  }),
]);

mkdirSync('out/media', { recursive: true });
for (const icon of ['unroll-light.svg', 'unroll-dark.svg'])
  copyFileSync(`media/${icon}`, `out/media/${icon}`);

cpSync('media/web', 'out/web', { recursive: true, filter: (path) => !path.endsWith('.ts') });

await Promise.all([buildKernels(), writeDeclarations('out')]);

// The wasm backend of TensorFlow.js looks for its files in a folder; threads do not work in worker threads.
const tfjs = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'));
mkdirSync('out/tfjs', { recursive: true });
for (const file of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'])
  copyFileSync(join(tfjs, 'dist', file), join('out/tfjs', file));

if (watch) {
  await Promise.all(contexts.map((each) => each.watch()));
  process.stdout.write('Watching.\n');
} else {
  await Promise.all(contexts.map((each) => each.rebuild()));
  await Promise.all(contexts.map((each) => each.dispose()));
}
