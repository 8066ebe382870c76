// 'Compare Cells' trains cells one after the other on the same text, and overlays them in the panel, with a
// table.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Theme, themes } from '../host/workbench.ts';
import { log, Session } from './session.ts';

const mine = `cell Leaky
  h[t] = 0.5 * h[t-1] + 0.5 * tanh(W x[t] + U h[t-1])
`;
/** A cell whose state grows at every step, so that it cannot be trained, which is intended. */
const wild = `cell Wild
  h[t] = 10 * h[t-1] + W x[t] + U h[t-1]
`;

let session: Session;

beforeAll(async () => {
  session = await Session.start({ 'server.log': log(400), 'mine.rnn': mine, 'wild.rnn': wild }, 'server.log');
});
afterAll(() => session[Symbol.asyncDispose]());

const body = () => session.panel.locator('#comparison tbody tr:not(.remark)');
const column = async (index: number) =>
  body().evaluateAll((rows, at) => rows.map((row) => row.children[at].textContent), index);

test('asks for cells, of files too, and for a budget, which it reads', async () => {
  const { code } = session;
  const { widget, input } = code.quickInput;
  await code.open('server.log');
  await code.command('Unroll: Compare Cells on Current File');
  await widget.getByText('mine.rnn').waitFor();
  await widget.getByText('PeepholeLSTM').waitFor();
  for (const name of ['Leaky', 'Wild', 'HMM']) await code.quickInput.check(name);
  await input.fill('');
  await session.screenshot('compare-cells');
  await input.press('Enter');
  await widget.getByText('Budget of each of the 6 cells').waitFor();
  await input.fill('two weeks');
  await widget.getByText('Write it like').waitFor();
  await input.fill('3 epochs');
  await input.press('Enter');
  await widget.waitFor({ state: 'hidden' });
});

test('trains each as long, and those that fail do not hold up the others', async () => {
  await expect.poll(() => body().count()).toBe(6);
  await session.status('ended');
  await session.code.notification('Compared 6 cells');
  await session.code.clearNotifications();
  const losses = await column(1);
  const known = losses.filter((text) => text !== '').map(Number);
  expect(known).toEqual(known.toSorted((a, b) => a - b));
  expect(known.length).toBe(5);
  expect(await column(0)).toContain('HMM 32');
  expect((await column(0)).at(-1)).toBe('Wild 32');
  await expect.poll(() => session.panel.locator('#comparison .remark').last().innerText()).toMatch(/diverg/);
  await session.screenshot('compare-panel');
});

test('its table is sorted by another column', async () => {
  await session.panel.getByRole('button', { name: 'trained parameters', exact: true }).click();
  const shown = (await column(3)).filter((text) => text !== '');
  const numbers = shown.map((text) => Number(text!.replaceAll(',', '')));
  expect(numbers).not.toContain(Number.NaN);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  await expect
    .poll(() => session.panel.locator('th[aria-sort=ascending]').innerText())
    .toMatch(/^trained parameters/);
});

test.each(Object.keys(themes) as Theme[])('in %s nothing keeps anybody from reading it', async (theme) => {
  expect(await session.violations(theme)).toEqual([]);
  await session.screenshot(`compare-${theme}`);
});

test('after a reload its table is the table before', async () => {
  const table = async () => (await session.panel.locator('#comparison tbody tr').allInnerTexts()).toSorted();
  const before = await table();
  await session.code.reload();
  await expect.poll(table).toEqual(before);
});
