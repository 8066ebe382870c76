// The compressor zpaq as a measure: it mixes the contexts of a text without a network (Mahoney 2009).
import { spawnSync } from 'node:child_process';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../temporary.ts';

/**
 * Returns the bits per character that the strongest method of zpaq takes for the end of a text: those of the whole
 * text, less those of the text without it. Null where there is no such command.
 */
export function zpaqBits(before: string, held: string, command = 'zpaq'): number | null {
  const directory = temporaryDirectory();
  try {
    const bytes = [before + held, before].map((text, index) => {
      const [file, archive] = [join(directory, `${index}.txt`), join(directory, `${index}.zpaq`)];
      writeFileSync(file, text);
      const { status } = spawnSync(command, ['add', archive, file, '-method', '5'], { stdio: 'ignore' });
      return status === 0 ? statSync(archive).size : Number.NaN;
    });
    const bits = (8 * (bytes[0] - bytes[1])) / [...held].length;
    return Number.isFinite(bits) ? bits : null;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
