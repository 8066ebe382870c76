// Opens damaged folders of models.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { startWasm } from '../../../../src/backend/wasm/engine.ts';
import { nodeFiles } from '../../../../src/platform/node/files.ts';
import type { Files } from '../../../../src/store/files.ts';
import { readManifest, readRun, readText } from '../../../../src/store/modelFolder.ts';
import type { PartKind } from '../../../../src/store/names.ts';
import { closeModel, openModel } from '../../../../src/worker/openModel.ts';
import { openNetwork } from '../../../../src/worker/openNetwork.ts';
import { type Entry, MemoryFiles } from '../../../store/memoryFiles.ts';
import { type Session, target } from '../../target.ts';
import { sentenceOf } from '../store/sentences.ts';
import { readKernels, tinyRun } from '../store/tinyRun.ts';
import {
  assembled,
  type DamagedFolder,
  damaged,
  damagedFolders,
  type Folder,
  olderNames,
  readFolder,
} from './damage.ts';

const directory = '/model';
const cells = ['GRU', 'LSTM', 'Elman'];

interface Base {
  readonly folder: Folder;
  readonly names: Readonly<Record<PartKind, string>>;
}

/** The number of tokens that a model that opens is asked to read. */
const asked = 12;

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function trainedBases(): Promise<Base[]> {
  const bases: Base[] = [];
  for (const cell of cells) {
    const files = new MemoryFiles([['', 'directory']]);
    await tinyRun(files, directory, cell);
    const folder = readFolder(files, directory);
    const manifest = readManifest(files, directory);
    const names = manifest as Base['names'];
    bases.push({ folder, names });
    // This is the same folder as an earlier version has written it.
    const older = { ...names, ...olderNames };
    const { checkpoint, history, ...rest } = manifest;
    const text = JSON.stringify({ ...rest, weights: older.weights, version: 2 });
    bases.push({ folder: { ...folder, manifest: new TextEncoder().encode(text) }, names: older });
  }
  return bases;
}

async function open(): Promise<Session<DamagedFolder>> {
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  const bases = await trainedBases();
  const folders = bases.map(({ folder }) => folder);
  const place = mkdtempSync(join(tmpdir(), 'unroll-folders-'));
  const counts = {
    refused: 0,
    opened: 0,
    'runs that can go on': 0,
    'that went on': 0,
    'on the real disk': 0,
  };
  let longest = 0;
  let largest = 0;
  let most = 0;

  /**
   * Opens a folder.
   * @returns whether it opens; any failure other than a sentence for the user is thrown
   */
  async function opens(files: Files, at: string): Promise<boolean> {
    try {
      const { predictor } = openNetwork(engine, files, at);
      const state = predictor.initial();
      const logits = new Float32Array(predictor.outputs);
      for (let n = 0; n < asked; n++) {
        predictor.next(state, (n * 7) % predictor.outputs, state, logits);
        if (!logits.every(Number.isFinite)) throw new Error('A model that opens computes what is no number.');
      }
      predictor.dispose();
      readText(files, at, readManifest(files, at));
      return true;
    } catch (error) {
      sentenceOf(error);
      return false;
    }
  }

  async function goesOn(files: Files, at: string, whole: boolean): Promise<void> {
    try {
      readRun(files, at);
      counts['runs that can go on']++;
      if (!whole) return;
      closeModel(await openModel(engine, { files, breathe: () => setImmediate() }, at));
      await tinyRun(files, at, null, { stopped: true });
      counts['that went on']++;
    } catch (error) {
      sentenceOf(error);
    }
  }

  return {
    check: async ({ base, damages, renamed, real, goesOn: whole }) => {
      const { folder, names } = bases[base];
      const after = damages.reduce((before, damage) => damaged(before, damage, folders), folder);
      const entries = assembled(after, names, renamed, digest);
      const [files, at] = real ? onDisk(entries) : [inMemory(entries), directory];
      const resident = process.memoryUsage.rss();
      const began = cpuMilliseconds();
      const opened = await opens(files, at);
      if (real) counts['on the real disk']++;
      counts[opened ? 'opened' : 'refused']++;
      await goesOn(files, at, whole);
      const took = cpuMilliseconds() - began;
      longest = Math.max(longest, took);
      largest = Math.max(largest, process.memoryUsage.rss() - resident);
      if (real) rmSync(at, { recursive: true });
      if ((counts.opened + counts.refused) % 64 > 0) return;
      most = Math.max(most, process.memoryUsage.rss());
      // What many folders have left behind is collected, so that memory tells what folders take and not how
      // late the collector is. WebAssembly memory is released between two tasks.
      globalThis.gc?.();
      await setImmediate();
    },
    figures: () => ({
      ...counts,
      'longest, ms of a processor': longest,
      'most memory for one, MB': largest / 1e6,
      'most memory of the process, MB': most / 1e6,
    }),
    close: async () => rmSync(place, { recursive: true, force: true }),
  };

  function onDisk(entries: ReadonlyMap<string, Entry>): [Files, string] {
    const at = mkdtempSync(join(place, 'model-'));
    for (const [name, entry] of entries) {
      const path = join(at, name);
      if (entry === 'link') symlinkSync('/etc/passwd', path);
      else if (entry === 'directory') mkdirSync(path);
      else if (entry === 'other') execFileSync('mkfifo', [path]);
      else writeFileSync(path, entry);
    }
    return [nodeFiles, at];
  }
}

/** Returns the processor time of this process, since the time that other programs take must not count. */
function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function inMemory(entries: ReadonlyMap<string, Entry>): Files {
  return new MemoryFiles([
    ['', 'directory'],
    [directory, 'directory'],
    ...[...entries].map(([name, entry]) => [`${directory}/${name}`, entry] as const),
  ]);
}

export const damagedModels = target<DamagedFolder>({
  name: 'folders',
  claim: 'a damaged folder is refused in a sentence, or what it opens as predicts and goes on',
  weight: 2,
  inputs: damagedFolders(2 * cells.length),
  open,
});
