import { expect, test } from 'vitest';
import type { Engine } from '../../../src/backend/engine.ts';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { countedText } from '../../../src/completion/ensemble/trainEnsemble.ts';
import type { BlockLengths } from '../../../src/data/text/blocks/longText.ts';
import { prepareLanguageModel } from '../../../src/tasks/languageModel/index.ts';
import { configure } from '../../../src/training/configuration.ts';
import { readingOf } from '../../data/text/blocks/memoryScratch.ts';
import { readKernels } from '../../kernels/modules.ts';

const engine: Engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;

async function remarksOn(
  text: string,
  direction: string,
  lengths?: BlockLengths,
): Promise<readonly string[]> {
  const settings = {
    'model.layers': 'GRU 4',
    'model.tokens': 'characters',
    'model.direction': direction,
  };
  const { start } = await prepareLanguageModel({
    reading: { ...readingOf(text), lengths },
    digest: null,
    configuration: configure({ settings, definition: null, cell: null }),
    earlier: null,
    engine: async () => engine,
    breathe: async () => {},
    now: () => 0,
  });
  return start.remarks;
}

test('a run says what of a long text suggestions recall, and nothing of a short one', async () => {
  const text = 'a line of a long log\n'.repeat(50_000).slice(0, 1_000_001);
  const said = /^The network learns all of the text; .* recall the last 1,000,000 characters/;
  expect(await remarksOn(text, 'forward')).toEqual([expect.stringMatching(said)]);
  expect(countedText(text)).toBe(text.slice(1));
  expect(await remarksOn(text.slice(1), 'forward')).toEqual([]);
  // A model that reads backward suggests nothing.
  expect(await remarksOn(text, 'backward')).toEqual([]);
});

test('of a text that is read in blocks, a run says that no more is kept than what is recalled', async () => {
  const text = 'a line of a long log\n'.repeat(50_000);
  expect(await remarksOn(text, 'forward', { block: 2 ** 14, whole: 100_000, kept: 1_000_000 })).toEqual([
    expect.stringMatching(/recall the last 1,000,000 characters word for word, and no more of it is kept/),
  ]);
});

test('the end of a text that is recalled has whole characters', () => {
  expect(countedText(`${'𝔘'.repeat(500_001)}a`)).toBe(`${'𝔘'.repeat(499_999)}a`);
  expect(countedText('𝔘'.repeat(500_001))).toBe('𝔘'.repeat(500_000));
});
