// Shows a run that ended with predicted numbers in the built panel, and reads what it says and saves.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PredictedNumbers } from '../../../../src/protocol/regression.ts';
import type { RunSnapshot } from '../../../../src/protocol/run.ts';
import { classifierRun, PanelPage } from '../../../host/panelPage.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await PanelPage.open();
});
afterAll(() => panel[Symbol.asyncDispose]());

const row = (line: number, actual: number, predicted: number) => ({
  ...{ line, actual, predicted },
  ...{ lower: predicted - 1, upper: predicted + 1 },
});
const predicted: PredictedNumbers = {
  ...{ column: 'stars', level: 0.8, ofMean: 1.5 },
  rows: [row(3, 4, 4.5), row(8, 1, 3), row(9, 2.5, 2)],
};

const endedRun = (): RunSnapshot => ({
  ...classifierRun(100),
  status: {
    kind: 'ended',
    result: {
      ...{ end: 'budget', steps: 100, tokens: 1000, characters: 1000, seconds: 10, tokensPerSecond: 100 },
      ...{ trainLoss: 1, validationLoss: 1, bestStep: 100, predicted },
    },
  },
});
const show = (run: RunSnapshot) =>
  panel.send({ type: 'snapshot', id: 'shown', live: false, run, temperature: 0.8 });
const figure = () => panel.page.locator('#predicted');

test('a run without predicted numbers has no figure of them', async () => {
  await show(classifierRun(100));
  expect(await panel.page.locator('#predictions').isVisible()).toBe(false);
});

test('the figure says how often the interval held, and how far predictions are off beside the mean', async () => {
  await show(endedRun());
  expect(await figure().isVisible()).toBe(true);
  expect(await figure().locator('.says').innerText()).toBe(
    'Of 3 held-out rows, 2 lie within the interval. Root mean squared error: 1.22; the mean: 1.50.',
  );
  expect(await figure().locator('small').innerText()).toBe('stars');
});

test('its numbers are saved as CSV', async () => {
  await figure().getByRole('button', { name: 'CSV' }).click();
  expect((await panel.posted()).at(-1)).toEqual({
    type: 'save',
    name: 'predicted.csv',
    kind: 'csv',
    content: 'line,true,predicted,lower,upper\r\n3,4,4.5,3.5,5.5\r\n8,1,3,2,4\r\n9,2.5,2,1,3\r\n',
  });
});
