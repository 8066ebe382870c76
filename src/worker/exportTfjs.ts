// Exports a model folder as a folder for a web page: a graph model of TensorFlow.js, the texts of its tokens,
// and a page.
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphModel } from '../export/graphModel.ts';
import type { Files } from '../store/files.ts';
import { readModel } from '../store/modelFolder.ts';
import { version } from '../version.ts';
import { fillFolder } from './fillFolder.ts';

/**
 * The size of a file of weights, which is that of TensorFlow.js's own converter: browsers cache such files.
 */
const shardBytes = 4 * 1024 * 1024;

/**
 * Exports a model.
 * @param to the folder to write, which may exist if it is empty
 * @param page the folder with the page's files
 * @throws Problem when there is no whole model, or when `to` is not empty
 */
export function exportTfjs(files: Files, directory: string, to: string, page: string): void {
  const { manifest, tokenizer, architecture, weights } = readModel(files, directory);
  const model = graphModel(architecture, weights);
  const shards = Array.from({ length: Math.ceil(model.weights.length / shardBytes) }, (_, index) =>
    model.weights.subarray(index * shardBytes, (index + 1) * shardBytes),
  );
  const paths = shards.map((_, index) => `group1-shard${index + 1}of${shards.length}.bin`);

  const write = (name: string, contents: object) =>
    writeFileSync(join(to, name), `${JSON.stringify(contents)}\n`);
  fillFolder(to, () => {
    // Node's function that copies folders reports a full disk as a fault of the disk.
    for (const name of readdirSync(page)) copyFileSync(join(page, name), join(to, name));
    for (const [index, shard] of shards.entries()) writeFileSync(join(to, paths[index]), shard);
    write('vocabulary.json', {
      tokens: tokenizer.symbols,
      kind: tokenizer.kind,
      alphabet: tokenizer.alphabet.size,
      states: model.states,
      direction: manifest.direction,
      source: manifest.provenance.source,
    });
    write('model.json', {
      format: 'graph-model',
      generatedBy: `Unroll ${version}`,
      convertedBy: null,
      signature: model.signature,
      modelTopology: model.topology,
      weightsManifest: [{ paths, weights: model.manifest }],
    });
  });
}
