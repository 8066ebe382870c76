// The colours of a document, while its user scrolls.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chunkSize } from '../../../../src/editor/inText/tint/chunks.ts';
import { surpriseLevels } from '../../../../src/editor/inText/tint/styles.ts';
import { type Scale, Tint } from '../../../../src/editor/inText/tint/tint.ts';
import type { Passage } from '../../../../src/protocol/inspector.ts';
import { TextDocument, Uri } from '../../../host/vscode/documents.ts';
import { EventEmitter, MarkdownString, Range } from '../../../host/vscode/values.ts';
import { events, host } from '../../../host/vscode/window.ts';

const line = `${'x'.repeat(63)}\n`;
const linesOfChunk = chunkSize / line.length;
const chunkCount = 20;
const document = new TextDocument(Uri.file('/a.log'), line.repeat(chunkCount * linesOfChunk));

let tint: Tint;
/** The passages that are asked for, with what answers the request. */
let asked: { readonly chunk: number; answer(): void }[];

/** Each line is a token, whose value is its chunk. */
const scale: Scale<number> = {
  name: 'Chunks',
  capability: 'surprise',
  levels: surpriseLevels.slice(0, 1),
  lineEnds: false,
  read(_, { from, to, key }: Passage, signal) {
    const chunk = Number(key.split(' ')[1]) / chunkSize;
    const offsets = Int32Array.from(
      { length: (to - from) / line.length + 1 },
      (_, index) => from + index * line.length,
    );
    const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<Scale<number>['read']>>>();
    asked.push({ chunk, answer: () => resolve({ offsets, valueOf: () => chunk }) });
    signal.addEventListener('abort', () => resolve(null));
    return promise;
  },
  levelOf: () => 0,
  hover: () => null,
  summary: (values) => ({
    text: `${values.length} of ${[...new Set(values)].join(' and ')}`,
    legend: new MarkdownString('') as never,
  }),
};

/** The lines that are coloured. */
let coloured: readonly Range[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  asked = [];
  coloured = [];
  host.items.length = 0;
  host.show(document);
  host.editor!.setDecorations = (_, ranges) => {
    coloured = ranges as readonly Range[];
  };
  look(0, 2);
  const models = {
    whenAsked: () => ({ manifest: { provenance: { source: '' } } }),
    onDidChange: new EventEmitter().event,
  };
  tint = new Tint(document as never, models as never, scale as Scale, 'hide', () => {});
});
afterEach(() => {
  tint.dispose();
  vi.useRealTimers();
  host.clear();
});

/** Shows chunks of the document. */
function look(from: number, to: number): void {
  host.editor!.visibleRanges = [new Range(from * linesOfChunk, 0, to * linesOfChunk - 1, line.length - 1)];
}

/** Scrolls, and waits until what is shown then is asked for. */
async function scroll(from: number, to: number): Promise<void> {
  look(from, to);
  events.visibleRanges.fire({ textEditor: host.editor! });
  await vi.runAllTimersAsync();
}

/** Answers what is asked for, and what is asked for thereupon, `count` times. */
async function answer(count: number): Promise<void> {
  for (let answered = 0; answered < count; answered++) {
    asked.at(-1)!.answer();
    await vi.advanceTimersByTimeAsync(0);
  }
}

const status = () => host.items.find(({ kind }) => kind === 'status bar')!.text;

test('who scrolls back to what has been read sees that all is read', async () => {
  await answer(1);
  expect(status()).toMatch(/^\$\(watch\)/);
  await scroll(0, 1);
  expect(asked.map(({ chunk }) => chunk)).toEqual([0, 1]);
  expect(status()).toMatch(/^\$\(eye\)/);
  await scroll(1, 2);
  expect(status()).toMatch(/^\$\(watch\)/);
  await answer(1);
  expect(status()).toMatch(/^\$\(eye\)/);
});

test('what is on the screen is counted, and nothing else of what has been read', async () => {
  await answer(2);
  expect(status()).toBe(`$(eye) ${2 * linesOfChunk} of 0 and 1`);
  await scroll(1, 3);
  // Nothing has been read of the third chunk yet.
  expect(status()).toBe(`$(watch) ${linesOfChunk} of 1`);
  await answer(1);
  expect(status()).toBe(`$(eye) ${2 * linesOfChunk} of 1 and 2`);
  await scroll(0, 1);
  expect(status()).toBe(`$(eye) ${linesOfChunk} of 0`);
  expect(asked.map(({ chunk }) => chunk)).toEqual([0, 1, 2]);
});

test('of a part of which nothing has been read, nothing is said', async () => {
  expect(status()).toBeUndefined();
  await answer(2);
  await scroll(5, 6);
  expect(status()).toBe(`$(watch) ${2 * linesOfChunk} of 0 and 1`);
});

test('what is far from the screen is not drawn, and is again when the user comes back', async () => {
  const chunksOf = () =>
    coloured.flatMap(({ start, end }) =>
      [start, end].map((at) => Math.floor((document.offsetAt(at) - 1) / chunkSize)),
    );
  await answer(2);
  await scroll(chunkCount - 1, chunkCount);
  await answer(1);
  expect(Math.min(...chunksOf())).toBeGreaterThan(1);
  await scroll(0, 1);
  expect(Math.max(...chunksOf())).toBe(1);
});

test('a document that is out of sight keeps what was said of it', async () => {
  await answer(2);
  host.show(new TextDocument(Uri.file('/b.log'), ''));
  events.visibleEditors.fire([]);
  await vi.runAllTimersAsync();
  expect(status()).toBe(`$(eye) ${2 * linesOfChunk} of 0 and 1`);
});
