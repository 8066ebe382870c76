// Shows a run that ended with a forecast in the built panel, and reads what it draws and saves.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HeldOutForecast } from '../../../../src/protocol/forecast.ts';
import type { RunSnapshot } from '../../../../src/protocol/run.ts';
import { classifierRun, PanelPage } from '../../../host/panelPage.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await PanelPage.open();
});
afterAll(() => panel[Symbol.asyncDispose]());

const column = (name: string) => ({
  name,
  before: [1, 2, 3],
  actual: [4, 5],
  forecast: [4, 7],
  lower: [3, 6],
  upper: [5, 8],
  baselines: [
    { name: 'last value', values: [3, 3] },
    { name: 'runs away', values: [1e9, Number.NaN] },
  ],
});
const forecast: HeldOutForecast = { rows: 30, level: 0.8, columns: [column('level'), column('sum')] };

const endedRun = (): RunSnapshot => ({
  ...classifierRun(100),
  status: {
    kind: 'ended',
    result: {
      end: 'budget',
      steps: 100,
      tokens: 1000,
      characters: 1000,
      seconds: 10,
      tokensPerSecond: 100,
      trainLoss: 1,
      validationLoss: 1,
      bestStep: 100,
      forecast,
    },
  },
});
const show = (run: RunSnapshot) =>
  panel.send({ type: 'snapshot', id: 'shown', live: false, run, temperature: 0.8 });
const figure = () => panel.page.locator('#forecast');

test('a run without a forecast has no figure of one', async () => {
  await show(classifierRun(100));
  expect(await panel.page.locator('#forecasts').isVisible()).toBe(false);
});

test('the figure says how often the interval held, and how far the forecast is off beside the best baseline', async () => {
  await show(endedRun());
  expect(await figure().isVisible()).toBe(true);
  expect(await figure().locator('.says').innerText()).toBe(
    'Of 2 held-out rows, 1 lie within the interval. Root mean squared error: 1.41; last value: 1.58.',
  );
  expect(await figure().locator('small').innerText()).toBe('80 % interval, running freely');
  expect(await figure().locator('option').allInnerTexts()).toEqual(['level', 'sum']);
});

test('its numbers are saved as CSV, and it as PNG', async () => {
  await figure().getByRole('button', { name: 'CSV' }).click();
  await figure().getByRole('button', { name: 'PNG' }).click();
  const [csv, png] = (await panel.posted()).slice(-2);
  expect(csv).toEqual({
    type: 'save',
    name: 'forecast.csv',
    kind: 'csv',
    content: [
      'column,row,value,forecast,lower,upper,last value,runs away',
      ...['level', 'sum'].flatMap((name) => [
        `${name},28,1`,
        `${name},29,2`,
        `${name},30,3`,
        `${name},31,4,4,3,5,3,1000000000`,
        `${name},32,5,7,6,8,3,NaN`,
      ]),
      '',
    ].join('\r\n'),
  });
  expect(png).toMatchObject({ type: 'save', name: 'forecast.png', kind: 'png' });
});
