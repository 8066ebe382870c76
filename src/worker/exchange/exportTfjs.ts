// Exports a model folder as a folder for a web page: a graph model of TensorFlow.js, the texts of its tokens,
// and a page.
import { graphModel } from '../../export/graphModel.ts';
import { vocabularyOf } from '../../export/vocabulary.ts';
import { demand } from '../../store/capabilities.ts';
import { readManifest, readModel } from '../../store/modelFolder.ts';
import { version } from '../../version.ts';
import { type Folder, fillFolder, jsonFile } from './fillFolder.ts';

/**
 * The size of a file of weights, which is that of TensorFlow.js's own converter: browsers cache such files.
 */
const shardBytes = 4 * 1024 * 1024;

/** The page's files by name. */
export type Page = ReadonlyMap<string, Uint8Array>;

/**
 * Exports a model.
 * @param to the folder to write, which may exist if it is empty
 * @throws Problem when there is no whole model, or when `to` is not empty
 */
export function exportTfjs(from: Folder, to: Folder, page: Page): void {
  demand(readManifest(from.files, from.directory), 'export for the web');
  const { manifest, tokenizer, architecture, weights } = readModel(from.files, from.directory);
  const model = graphModel(architecture, weights);
  const shards = Array.from({ length: Math.ceil(model.weights.length / shardBytes) }, (_, index) =>
    model.weights.subarray(index * shardBytes, (index + 1) * shardBytes),
  );
  const paths = shards.map((_, index) => `group1-shard${index + 1}of${shards.length}.bin`);
  const about = {
    format: 'graph-model',
    generatedBy: `Unroll ${version}`,
    convertedBy: null,
    signature: model.signature,
    modelTopology: model.topology,
    weightsManifest: [{ paths, weights: model.manifest }],
  };
  const contents = new Map([
    ...page,
    ...shards.map((shard, index) => [paths[index], shard] as const),
    ['vocabulary.json', jsonFile(vocabularyOf(tokenizer, manifest, model.states))],
    ['model.json', jsonFile(about)],
  ]);
  fillFolder(to, contents);
}
