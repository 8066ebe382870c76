// Shows pictures of cells in the built page, points at them, and follows their links.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtinCells } from '../../../src/cells/index.ts';
import { readCells } from '../../../src/language/check.ts';
import type { CellPictureToHost } from '../../../src/protocol/cellPicture.ts';
import { trace } from '../../../src/tape/probing/trace.ts';
import { equationNodes, pictureOfTrace } from '../../../src/worker/cellPictures.ts';
import { PanelPage, type PanelTheme } from '../../host/panelPage.ts';
import { root } from '../../host/tools.ts';

const pictures = join(root, 'out/screenshots');
let pages: Record<'dark' | 'light', PanelPage>;
beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  const open = (theme: PanelTheme) => PanelPage.open({ width: 640, height: 900 }, theme, 'cell');
  pages = { dark: await open('dark'), light: await open('light') };
});
afterAll(async () => {
  for (const page of Object.values(pages)) await page[Symbol.asyncDispose]();
});

const cellOf = (name: string) => {
  const definition = builtinCells.get(name)!;
  const [cell] = readCells(definition).cells;
  return { cell, equations: equationNodes(definition, cell) };
};

test('the page asks for its picture', async () => {
  expect((await pages.dark.posted<CellPictureToHost>())[0]).toEqual({ type: 'ready' });
});

test.each(['GRU', 'LSTM', 'Elman', 'Jordan', 'Clockwork', 'AdditiveAttention', 'DecoderGRU'])(
  'the graph of %s has a box for each line',
  async (name) => {
    const { equations } = cellOf(name);
    for (const [theme, panel] of Object.entries(pages)) {
      await panel.send({ type: 'picture', cell: name, picture: { kind: 'graph', equations } });
      const texts = await panel.page.locator('#graph svg text').allTextContents();
      const sources = texts.filter((text) => /^(\w+\[(t(-\d+)?|s)\]|given)$/.test(text));
      expect(sources.length).toBeGreaterThan(0);
      expect(texts.length - sources.length).toBe(equations.length);
      const reads = equations.reduce((sum, each) => sum + each.reads.length, 0);
      expect(await panel.page.locator('#graph svg g').count()).toBe(reads);
      await panel.page.screenshot({ path: join(pictures, `cell-graph-${name}-${theme}.png`) });
    }
  },
);

test('a box says what its line reads, and leads to it, by the mouse and by the keyboard', async () => {
  const { page } = pages.dark;
  const { equations } = cellOf('Elman');
  await pages.dark.send({ type: 'picture', cell: 'Elman', picture: { kind: 'graph', equations } });
  const [{ line, equation }] = equations;
  const box = page.locator('#graph svg text').last();
  await box.hover();
  const says = page.locator('#graph .readout');
  expect(await says.innerText()).toBe(
    `Line ${line}: ${equation}. It reads x[t], h[t-1]. The layer above reads it.`,
  );
  const last = async () => (await pages.dark.posted<CellPictureToHost>()).at(-1);
  await box.click();
  expect(await last()).toEqual({ type: 'line', line });
  await page.getByRole('button', { name: 'Show as Text' }).click();
  expect(await last()).toEqual({ type: 'text' });
  await page.locator('#graph svg').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await last()).toEqual({ type: 'line', line });
  await page.locator('#graph').getByRole('button', { name: 'CSV' }).click();
  expect(await last()).toMatchObject({ type: 'save', name: 'graph.csv', kind: 'csv' });
});

test('what comes from the encoder says so', async () => {
  const { page } = pages.dark;
  for (const [name, source, says] of [
    ['AdditiveAttention', 'm[s]', 'm[s]: what the encoder wrote at each position of the source'],
    ['DecoderGRU', 'given', 'given: what the decoder starts from'],
  ] as const) {
    const { equations } = cellOf(name);
    await pages.dark.send({ type: 'picture', cell: name, picture: { kind: 'graph', equations } });
    await page.locator('#graph svg text').getByText(source, { exact: true }).hover();
    expect(await page.locator('#graph .readout').innerText()).toBe(says);
  }
});

test('a trace is a heat map of each vector, with its equation', async () => {
  const { cell, equations } = cellOf('LSTM');
  const symbols = 'hello, hello';
  const picture = pictureOfTrace(trace(cell, { symbols, hidden: 6, seed: 1 }), symbols, equations);
  for (const [theme, panel] of Object.entries(pages)) {
    await panel.send({ type: 'picture', cell: 'LSTM', picture });
    expect(await panel.page.locator('figure').count()).toBe(equations.length);
    expect(await panel.page.locator('figure .says').allInnerTexts()).toEqual(
      equations.map(({ equation }) => equation),
    );
    expect(await panel.page.locator('#h svg rect').count()).toBeGreaterThan(10);
    await panel.page.screenshot({ path: join(pictures, `cell-trace-LSTM-${theme}.png`) });
  }
  const { page } = pages.dark;
  await page.locator('#h').getByRole('button', { name: /^Line/ }).click();
  const { line } = equations.find(({ name }) => name === 'h')!;
  expect((await pages.dark.posted<CellPictureToHost>()).at(-1)).toEqual({ type: 'line', line });
});
