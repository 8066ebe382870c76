// The texts that the arguments of `train` name.
import { globSync, statSync } from 'node:fs';
import { readNotebook } from '../protocol/notebook.ts';
import { Problem } from '../protocol/problem.ts';
import { joinDocuments, maximumCharacters } from '../training/corpus.ts';
import { readText } from './arguments.ts';

/** Of a file that a glob finds, in bytes: what is larger was generated, and would drown the others. */
const largest = 1_000_000;

/** Of a notebook's file, most of which may be pictures. */
const largestNotebook = 20_000_000;

export interface Documents {
  readonly documents: readonly string[];
  readonly files: readonly string[];
  /** What was left out, and why; sentences. */
  readonly remarks: readonly string[];
}

/**
 * A file that is named alone is read whatever it is; of several, those that cannot be text are left out.
 *
 * @param names of files, or globs, whose files come in the order of their paths
 * @throws Problem where there is nothing to read
 */
export function readDocuments(names: readonly string[]): Documents {
  if (names.length === 0) throw new Problem('Name a text file to train on, or several, or a glob in quotes.');
  const found = [...new Map(names.flatMap(filesOf)).entries()];
  if (found.length === 1) {
    const [[file]] = found;
    const text = readDocument(file);
    if (text === null)
      throw new Problem(`${file} is no notebook that can be read. One of nbformat 4 is, as editors save it.`);
    return { documents: [text], files: [file], remarks: [] };
  }
  const skipped = new Map<string, number>();
  const files: string[] = [];
  const documents: string[] = [];
  let characters = 0;
  for (const [file, named] of found) {
    const skip = (why: string) => skipped.set(why, 1 + (skipped.get(why) ?? 0));
    if (characters >= maximumCharacters) skip('beyond the longest text that is read');
    else if (!named && statSync(file).size > (isNotebook(file) ? largestNotebook : largest))
      skip('too large');
    else {
      const text = readDocument(file);
      if (text === null) skip('no notebook');
      else if (text.includes('\0')) skip('binary');
      else if (text.trim() === '') skip('empty');
      else {
        files.push(file);
        documents.push(text);
        characters += text.length;
      }
    }
  }
  if (files.length === 0) throw new Problem(`None of the ${found.length} files is a text to train on.`);
  const reasons = [...skipped].map(([why, count]) => `${count} ${why}`);
  const left = reasons.length > 0 ? `; left out: ${reasons.join(', ')}` : '';
  return { documents, files, remarks: [`${files.length} of ${found.length} files are read${left}.`] };
}

const isNotebook = (file: string) => file.endsWith('.ipynb');

/** Its text, or its cells'; null where it should be a notebook and is none. */
function readDocument(file: string): string | null {
  const text = readText(file);
  if (!isNotebook(file)) return text;
  const cells = readNotebook(text);
  return cells && joinDocuments(cells);
}

/** @returns paths, and whether each was named itself */
function filesOf(name: string): [path: string, named: boolean][] {
  const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  if (isFile(name) || !/[*?[{]/.test(name)) return [[name, true]];
  const found = globSync(name).filter(isFile).sort();
  if (found.length === 0) throw new Problem(`There is no file ${name}.`);
  return found.map((path) => [path, false]);
}
