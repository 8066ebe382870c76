// Exports a model folder as a folder for a web page: a graph model of TensorFlow.js, the texts of its tokens,
// and a page.
import { graphModel } from '../export/graphModel.ts';
import { Problem } from '../protocol/problem.ts';
import type { Files } from '../store/files.ts';
import { readModel } from '../store/modelFolder.ts';
import { version } from '../version.ts';

/**
 * The size of a file of weights, which is that of TensorFlow.js's own converter: browsers cache such files.
 */
const shardBytes = 4 * 1024 * 1024;

/** The page's files by name. */
export type Page = ReadonlyMap<string, Uint8Array>;

/** A folder and the file system that it is in. */
export interface Folder {
  readonly files: Files;
  readonly directory: string;
}

/**
 * Exports a model.
 * @param to the folder to write, which may exist if it is empty
 * @throws Problem when there is no whole model, or when `to` is not empty
 */
export function exportTfjs(from: Folder, to: Folder, page: Page): void {
  const { manifest, tokenizer, architecture, weights } = readModel(from.files, from.directory);
  const { files, directory } = to;
  const isNew = files.stat(directory) === null;
  if (!isNew && files.list(directory).length > 0)
    throw new Problem(`${directory} is not empty: name a folder that is, or a new one.`);
  const model = graphModel(architecture, weights);
  const shards = Array.from({ length: Math.ceil(model.weights.length / shardBytes) }, (_, index) =>
    model.weights.subarray(index * shardBytes, (index + 1) * shardBytes),
  );
  const paths = shards.map((_, index) => `group1-shard${index + 1}of${shards.length}.bin`);

  files.makeDirectory(directory);
  const at = (name: string) => `${directory}/${name}`;
  const writeJson = (name: string, contents: object) =>
    files.write(at(name), [new TextEncoder().encode(`${JSON.stringify(contents)}\n`)]);
  try {
    for (const [name, contents] of page) files.write(at(name), [contents]);
    for (const [index, shard] of shards.entries()) files.write(at(paths[index]), [shard]);
    writeJson('vocabulary.json', {
      tokens: tokenizer.symbols,
      kind: tokenizer.kind,
      alphabet: tokenizer.alphabet.size,
      states: model.states,
      direction: manifest.direction,
      source: manifest.provenance.source,
    });
    writeJson('model.json', {
      format: 'graph-model',
      generatedBy: `Unroll ${version}`,
      convertedBy: null,
      signature: model.signature,
      modelTopology: model.topology,
      weightsManifest: [{ paths, weights: model.manifest }],
    });
  } catch (error) {
    // A part of a model is of no use and would be in the way of the next attempt.
    for (const name of files.list(directory)) files.remove(at(name));
    if (isNew) files.removeDirectory(directory);
    throw error;
  }
}
