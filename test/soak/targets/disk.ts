// Makes the n-th operation on files fail, for every n.
import { isFileError } from '../../../src/store/files.ts';
import { readManifest, readModel, readRun, readText } from '../../../src/store/modelFolder.ts';
import { type Entry, MemoryFiles, observed } from '../../store/memoryFiles.ts';
import { type Session, target } from '../target.ts';
import { checkNothingLeft, sentenceOf } from './store/sentences.ts';
import { longText, text, tinyRun } from './store/tinyRun.ts';

const codes = ['ENOSPC', 'EIO', 'EACCES', 'EROFS', 'EDQUOT'] as const;

/**
 * The acts that are tried, each with the cell of the model in the folder before, the cell that is trained, and
 * whether the text is a long one in a file.
 */
const acts = {
  train: { before: null, cell: 'GRU', isLong: false },
  continue: { before: 'GRU', cell: null, isLong: false },
  retrain: { before: 'LSTM', cell: 'GRU', isLong: false },
  open: { before: 'GRU', cell: undefined, isLong: false },
  'train in blocks': { before: null, cell: 'GRU', isLong: true },
  'continue in blocks': { before: 'GRU', cell: null, isLong: true },
  'retrain in blocks': { before: 'LSTM', cell: 'GRU', isLong: true },
} as const;

interface Input {
  readonly act: keyof typeof acts;
  /** The number of the operation that fails, from 1 on. */
  readonly n: number;
  readonly code: (typeof codes)[number];
  /** Whether all later operations fail too; on a full or read-only disk, only those that change it. */
  readonly lasting: boolean;
}

const directory = '/models/one';
const root: readonly (readonly [string, Entry])[] = [
  ['/models', 'directory'],
  [longText.path, new TextEncoder().encode(text)],
];

/** The operations that change the disk: one that is full or read-only can still be read. */
const changes = new Set(['write', 'sync', 'rename', 'makeDirectory', 'makeTemporary', 'append']);

function failing(files: MemoryFiles, { n, code, lasting }: Omit<Input, 'act'>) {
  let count = 0;
  const onlyChanges = code !== 'EIO' && code !== 'EACCES';
  const failingFiles = observed(files, (operation, path, parts) => {
    count++;
    if (lasting ? count < n : count !== n) return;
    if (onlyChanges && !changes.has(operation)) return;
    // Some bytes are written before the disk is full.
    if (operation === 'write') files.write(path, [Buffer.concat(parts).subarray(0, 10)]);
    throw Object.assign(new Error(`${code}: ${operation} '${path}'`), { code });
  });
  return { files: failingFiles, count: () => count };
}

async function perform(act: Input['act'], files: ReturnType<typeof observed>) {
  const { cell, isLong } = acts[act];
  if (cell !== undefined) return await tinyRun(files, directory, cell, { isLong });
  readModel(files, directory);
  readText(files, directory, readManifest(files, directory));
  return null;
}

async function open(): Promise<Session<Input>> {
  const before = new Map<string, readonly (readonly [string, Entry])[]>();
  for (const cell of [null, 'GRU', 'LSTM'])
    for (const isLong of [false, true]) {
      const files = new MemoryFiles(root);
      if (cell) await tinyRun(files, directory, cell, { isLong });
      before.set(`${cell} ${isLong}`, [...files.entries]);
    }
  const counts = { failures: 0, 'run went on': 0, 'ended in a sentence': 0, 'models lost': 0 };
  return {
    check: async ({ act, ...failure }) => {
      const { isLong } = acts[act];
      const files = new MemoryFiles(before.get(`${acts[act].before} ${isLong}`));
      const faulty = failing(files, failure);
      let said: string | null = null;
      try {
        const heard = await perform(act, faulty.files);
        counts['run went on']++;
        for (const note of heard?.notes ?? [])
          if (/\bE[A-Z]{4,}\b|undefined/.test(note)) throw new Error(`Not a note for a user: ${note}`);
      } catch (error) {
        if (isFileError(error)) throw new Error(`An error of the system is shown: ${error.message}`);
        said = sentenceOf(error);
        counts['ended in a sentence']++;
      }
      counts.failures++;
      // The earlier model, or a newer one, must be whole.
      const kept = said === null || acts[act].before !== null || files.entries.has(`${directory}/model.json`);
      if (kept && act !== 'open') {
        try {
          readModel(files, directory);
          readRun(files, directory, isLong ? [longText] : null);
        } catch (error) {
          counts['models lost']++;
          throw error;
        }
      }
      // The next run behaves the same whatever the error was, so that one code is enough.
      if (act === 'open' || failure.code !== 'ENOSPC') return;
      await tinyRun(files, directory, kept ? null : 'GRU', { stopped: !isLong, isLong });
      checkNothingLeft(files.list(directory), readManifest(files, directory));
    },
    figures: () => counts,
    close: async () => {},
  };
}

/** Lists each act with as many operations as it has where nothing fails. */
async function* all(): AsyncIterable<Input> {
  for (const act of Object.keys(acts) as Input['act'][]) {
    const files = new MemoryFiles(root);
    const { before, isLong } = acts[act];
    if (before) await tinyRun(files, directory, before, { isLong });
    const { files: counting, count } = failing(files, { n: Infinity, code: 'EIO', lasting: false });
    await perform(act, counting);
    const most = count();
    for (let n = 1; n <= most; n++)
      for (const code of codes) for (const lasting of [false, true]) yield { act, n, code, lasting };
  }
}

export const disk = target<Input>({
  name: 'disk',
  claim: 'whichever operation on files fails, a run ends in a sentence or goes on, and no model is lost',
  weight: 1,
  all,
  open,
});
