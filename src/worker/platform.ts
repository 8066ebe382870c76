import type { Spawn } from '../backend/wasm/setup.ts';
import type { SetRevectorizer } from '../backend/wasm/wide.ts';
import type { BlockLengths } from '../data/text/blocks/longText.ts';
import type { Files } from '../store/files.ts';

/** The services of the machine that workers use: files, assets, threads, memory. */
export interface Platform {
  readonly files: Files;
  /** Reads a file of the build's output, such as `kernels/simd.wasm`. */
  readAsset(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** The path or address of the folder with TensorFlow.js's own files; it ends in a slash. */
  readonly tfjsAssets: string;
  /** The number of the machine's cores. */
  readonly cores: number;
  /** The bytes of the machine's memory, or as many as the process may have of it. */
  readonly memoryBytes: number;
  /** The lengths of the blocks in which a long text is read; missing for the usual ones. */
  readonly blockLengths?: BlockLengths;
  /** Starts a thread of a training's team; null where no memory is shared between threads. */
  readonly spawn: Spawn | null;
  /** Returns the switch of V8's revectorizer; null where it cannot compile the kernels. */
  revectorizer(): Promise<SetRevectorizer | null>;
  /**
   * Settles in a later turn of the event loop, after the messages that have arrived by then. A promise that
   * is settled already, or a microtask, lets no message in.
   */
  breathe(): Promise<void>;
}

export type Breathe = Platform['breathe'];
