// Shows a run on few rows in the built panel, and reads what its learning curve says, lists and saves.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LearningCurve } from '../../../../src/protocol/learningCurve.ts';
import type { RunSnapshot } from '../../../../src/protocol/run.ts';
import { classifierRun, PanelPage } from '../../../host/panelPage.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await PanelPage.open();
});
afterAll(() => panel[Symbol.asyncDispose]());

const curve: LearningCurve = {
  lowerIsBetter: false,
  points: [
    { rows: 100, value: 0.5 },
    { rows: 1200, value: 0.8 },
  ],
  updates: 300,
  interval: [0.7, 0.874],
  expected: { rows: 2400, value: 0.92 },
};

const endedRun = (learningCurve: LearningCurve): RunSnapshot => ({
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
      learningCurve,
    },
  },
});
const show = (run: RunSnapshot) =>
  panel.send({ type: 'snapshot', id: 'shown', live: false, run, temperature: 0.8 });
const figure = () => panel.page.locator('#learning-curve');

test('a run without a learning curve has no figure of one', async () => {
  await show(classifierRun(100));
  expect(await figure().isVisible()).toBe(false);
});

test('the figure says what is to be expected on other rows, and of more rows', async () => {
  await show(endedRun(curve));
  expect(await figure().isVisible()).toBe(true);
  const says = figure().locator('.says');
  expect(await says.innerText()).toBe(
    'On other rows, 0.70 to 0.87 is to be expected. Twice as many rows are to bring about 0.92.',
  );
  expect(await figure().locator('small').innerText()).toBe('parts of the rows with 300 updates each');
  await show(endedRun({ ...curve, interval: null, expected: { rows: 2400, value: 0.8 } }));
  expect(await says.innerText()).toBe('More rows like these would hardly help.');
});

test('of errors it says what they are to fall to', async () => {
  const errors = {
    ...{ lowerIsBetter: true, updates: 300, interval: null },
    points: [
      { rows: 100, value: 0.0312 },
      { rows: 200, value: 0.02468 },
    ],
  };
  await show(endedRun({ ...errors, expected: { rows: 400, value: 0.02 } }));
  const says = figure().locator('.says');
  expect(await says.innerText()).toBe('Twice as many rows are to bring about 0.02.');
  await figure().locator('summary').click();
  expect(await figure().locator('tbody td').allInnerTexts()).toContain('0.0247');
  await figure().locator('summary').click();
  await show(endedRun({ ...errors, expected: { rows: 400, value: 0.0246 } }));
  expect(await says.innerText()).toBe('More rows like these would hardly help.');
});

test('its numbers are a table, and are saved as CSV, and it as PNG', async () => {
  await show(endedRun(curve));
  await figure().locator('summary').click();
  expect(await figure().locator('tbody tr').allInnerTexts()).toEqual([
    'a part of the rows\t100\t0.50',
    'this run\t1,200\t0.80',
    'to be expected\t2,400\t0.92',
  ]);
  await figure().getByRole('button', { name: 'CSV' }).click();
  await figure().getByRole('button', { name: 'PNG' }).click();
  const [csv, png] = (await panel.posted()).slice(-2);
  expect(csv).toEqual({
    type: 'save',
    name: 'learning-curve.csv',
    kind: 'csv',
    content: [
      'what,rows,value',
      'a part of the rows,100,0.5',
      'this run,1200,0.8',
      'to be expected,2400,0.92',
      '',
    ].join('\r\n'),
  });
  expect(png).toMatchObject({ type: 'save', name: 'learning-curve.png', kind: 'png' });
});
