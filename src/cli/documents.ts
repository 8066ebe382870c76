// Reads the texts that the arguments of `train` name.
import { globSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { joinDocuments, wholeCharacters } from '../data/text/corpus.ts';
import { readNotebook } from '../protocol/notebook.ts';
import { Problem } from '../protocol/problem.ts';
import { holdsPrivateKey } from '../protocol/secrets.ts';
import type { FileDocument, TrainingDocument } from '../protocol/trainer.ts';
import { readText, standardInput } from './arguments.ts';
import { allTheSame, isSecret } from './secrets.ts';

/**
 * The largest file that a glob may find, in bytes: a larger one was probably generated and would dominate the
 * others.
 */
const largest = 1_000_000;

/** The largest notebook file, in bytes; most of it may be pictures. */
const largestNotebook = 20_000_000;

export interface Documents {
  /** The texts, or the files that they are in where they are long. */
  readonly documents: readonly TrainingDocument[];
  readonly files: readonly string[];
  /** Sentences that say what was left out, and why. */
  readonly remarks: readonly string[];
}

/**
 * Reads the documents. A file that is named alone is read whatever it is; of several, those that cannot be
 * text are left out.
 *
 * @param names files or globs, whose files come in the order of their paths
 * @param secrets whether files that look like secrets are read too
 * @throws Problem when there is nothing to read
 */
export async function readDocuments(names: readonly string[], secrets = false): Promise<Documents> {
  if (names.length === 0) throw new Problem('Name a text file to train on, or several, or a glob in quotes.');
  const found = filesOfAll(names);
  const broken: string[] = [];
  const inBlocks = (path: string): FileDocument => ({
    path: resolve(path),
    ...(secrets && { withKeys: true }),
  });
  if (found.length === 1) {
    const [[file]] = found;
    if (isLong(file)) await checkName(file, secrets);
    const document = isLong(file) ? inBlocks(file) : await readOne(file, secrets, broken);
    return { documents: [document], files: [file], remarks: notUtf8(broken) };
  }
  const skipped = new Map<string, number>();
  const files: string[] = [];
  let documents: TrainingDocument[] = [];
  let characters = 0;
  for (const [file, named] of found) {
    const skip = (why: string) => skipped.set(why, 1 + (skipped.get(why) ?? 0));
    if (!secrets && (await isSecret(file))) skip('like secrets');
    else if (!named && statSync(file).size > (isNotebook(file) ? largestNotebook : largest))
      skip('too large');
    else if (named && isLong(file)) {
      files.push(file);
      documents.push(inBlocks(file));
    } else {
      const doubtful: string[] = [];
      const text = readDocument(file, doubtful);
      if (text === null) skip('no notebook');
      else if (!secrets && holdsPrivateKey(text)) skip('like secrets');
      else if (text.includes('\0')) skip('binary');
      else if (text.trim() === '') skip('empty');
      else {
        broken.push(...doubtful);
        files.push(file);
        documents.push(characters > wholeCharacters && !isReadOnce(file) ? inBlocks(file) : text);
        const before = characters;
        characters += text.length;
        // Texts that are too long to be in memory together are read again.
        if (before <= wholeCharacters && characters > wholeCharacters)
          documents = documents.map((each, index) =>
            isReadOnce(files[index]) ? each : inBlocks(files[index]),
          );
      }
    }
  }
  if (files.length === 0) throw new Problem(`None of the ${found.length} files is a text to train on.`);
  const reasons = [...skipped].map(([why, count]) => `${count} ${why}`);
  const left = reasons.length > 0 ? `; left out: ${reasons.join(', ')}` : '';
  return {
    documents,
    files,
    remarks: [`${files.length} of ${found.length} files are read${left}.`, ...notUtf8(broken)],
  };
}

/** Returns the address of the one file that was read; null where there are several, or one without a place. */
export const addressOf = ([file, ...others]: readonly string[]): string | null =>
  others.length > 0 || file === standardInput ? null : pathToFileURL(resolve(file)).href;

/** Returns a sentence on the files that are not in UTF-8, if there are any. */
export function notUtf8([first, ...others]: readonly string[]): string[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? 'is' : `and ${others.length} more are`;
  return [`${first} ${more} not in UTF-8: what cannot be read there is learned as �. Convert it first.`];
}

/**
 * Reads a file that is the only one.
 *
 * @param broken gets the file where something in it is not UTF-8
 * @throws Problem when it cannot be read, or looks like a secret and `secrets` does not allow that
 */
export async function readOne(file: string, secrets: boolean, broken: string[] = []): Promise<string> {
  await checkName(file, secrets);
  const text = readDocument(file, broken);
  if (text === null)
    throw new Problem(`${file} is no notebook that can be read. One of nbformat 4 is, as editors save it.`);
  // The byte-order mark of UTF-16 is none of the bytes of UTF-8.
  if (text.startsWith('��') && text.includes('\0'))
    throw new Problem(
      `${file} is in UTF-16, and texts are read in UTF-8: convert it, as with \`iconv -f UTF-16 -t UTF-8\`.`,
    );
  if (!secrets && holdsPrivateKey(text))
    throw new Problem(`${file} holds a private key: nothing is trained on it. ${allTheSame}`);
  return text;
}

async function checkName(file: string, secrets: boolean): Promise<void> {
  if (!secrets && (await isSecret(file)))
    throw new Problem(`${file} looks like a file with secrets: nothing is trained on it. ${allTheSame}`);
}

/** Whether a file may be too long to be in memory. */
const isLong = (file: string) =>
  !isNotebook(file) && (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > wholeCharacters;

/** Whether a file cannot be read again in blocks. */
const isReadOnce = (file: string) => isNotebook(file) || file === standardInput;

const isNotebook = (file: string) => file.endsWith('.ipynb');

/**
 * Returns a file's text, or the text of a notebook's cells; null if a notebook's file is not a valid
 * notebook.
 */
function readDocument(file: string, broken: string[]): string | null {
  const text = readText(file, broken);
  if (!isNotebook(file)) return text;
  const cells = readNotebook(text);
  return cells && joinDocuments(cells);
}

/** @returns the path of each file once, as it comes first, and whether the file was named itself, before or after a glob */
function filesOfAll(names: readonly string[]): [path: string, named: boolean][] {
  const found = new Map<string, [path: string, named: boolean]>();
  for (const [path, named] of names.flatMap(filesOf)) {
    const place = path === standardInput ? path : resolve(path);
    const [first, wasNamed] = found.get(place) ?? [path, false];
    found.set(place, [first, named || wasNamed]);
  }
  return [...found.values()];
}

/** @returns paths, and whether each one was named itself */
function filesOf(name: string): [path: string, named: boolean][] {
  const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  if (isFile(name) || !/[*?[{]/.test(name)) return [[name, true]];
  const found = globSync(name).filter(isFile).sort();
  if (found.length === 0) throw new Problem(`There is no file ${name}.`);
  return found.map((path) => [path, false]);
}
