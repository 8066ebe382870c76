// Shows runs that are judged by another metric than their loss in the built panel, and reads what it draws.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HostToPanel } from '../../../../src/protocol/panel.ts';
import { emptyPoints, pointsUntil, type RunSnapshot } from '../../../../src/protocol/run.ts';
import { classifierRun, longRun, PanelPage } from '../../../host/panelPage.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await PanelPage.open();
  // The texts that are drawn on a canvas are kept under the id of its figure.
  await panel.page.evaluate(`
    window.drawn = {};
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
      const { id } = this.canvas.closest('figure');
      (window.drawn[id] ??= new Set()).add(text);
      fillText.call(this, text, ...place);
    };
  `);
});
afterAll(() => panel[Symbol.asyncDispose]());

const show = (run: RunSnapshot) =>
  panel.send({ type: 'snapshot', id: 'shown', live: false, run, temperature: 0.8 });
const lay = (...runs: RunSnapshot[]) =>
  panel.send({ type: 'earlier', runs: runs.map((run, index) => ({ id: `${index}`, run })) });

/** Returns the words on a figure's canvas, without the numbers of its axes. A figure is drawn a moment after it came into view. */
async function words(figure: string): Promise<string[]> {
  const texts: string[] = await panel.page.evaluate(`[...(window.drawn[${JSON.stringify(figure)}] ?? [])]`);
  return texts.filter((text) => /[a-z]/.test(text));
}

const isShown = (figure: string) => panel.page.locator(`#${figure}`).isVisible();
const textOf = (selector: string) => panel.page.locator(selector).innerText();
const label = (figure: string) => panel.page.locator(`#${figure} canvas`).getAttribute('aria-label');

/** Saves the numbers of a figure. @returns their lines */
async function numbersOf(figure: string): Promise<string[]> {
  await panel.page.locator(`#${figure}`).getByRole('button', { name: 'CSV' }).click();
  const saved = (await panel.posted()).at(-1)!;
  if (saved.type !== 'save') throw new Error(`The panel sent ${saved.type}.`);
  expect(saved.name).toBe(`${figure}.csv`);
  return saved.content.split('\r\n');
}

beforeEach(async () => {
  await panel.page.evaluate('window.drawn = {}');
  await lay();
});

test('a language model has one chart for its loss, with its baselines', async () => {
  await show(longRun(400));
  expect(await isShown('metric')).toBe(false);
  await expect
    .poll(async () => (await words('loss')).sort())
    .toEqual([
      'best',
      'bits per character',
      'step',
      'training',
      'training, each step',
      'uniform',
      'unigram',
      'validation',
    ]);
  expect(await words('metric')).toEqual([]);
  expect(await label('loss')).toMatch(/^Loss of training and validation in bits per character, by step\./);
  expect((await numbersOf('loss'))[0]).toBe('step,seconds,training loss (bpc),validation loss (bpc)');
});

describe('a classifier', () => {
  beforeEach(() => show(classifierRun(400)));

  test('has a chart of its accuracy beside that of its loss, and the baseline is in the former', async () => {
    expect(await isShown('metric')).toBe(true);
    await expect
      .poll(async () => (await words('metric')).sort())
      .toEqual(['accuracy', 'best', 'commonest class', 'step', 'validation']);
    await expect.poll(() => words('loss')).toContain('loss (nats)');
    expect(await words('loss')).not.toContain('commonest class');
    expect(await textOf('#metric figcaption span')).toBe('Accuracy');
    expect(await label('metric')).toMatch(/^Validation: accuracy, by step; higher is better\./);
    expect(await label('loss')).toMatch(/ in nats, by step\./);
    const save = panel.page.locator('#metric').getByRole('button', { name: 'PNG' });
    expect(await save.getAttribute('title')).toBe('Accuracy: save as a picture');
  });

  test('says how it stands to its baseline', async () => {
    const run = classifierRun(400);
    // Later on, this run overfits.
    await show({ ...run, points: { ...emptyPoints(), ...pointsUntil(run.points, 200) } });
    expect(await textOf('#summary')).toMatch(
      /^Training: accuracy 0\.\d\d, 0\.\d\d better than the commonest class\.$/,
    );
    expect(await textOf('#figures')).toMatch(/accuracy\s+0\.\d\d\s+macro F1\s+0\.\d\d/);
  });

  test('has its numbers in a table and as CSV', async () => {
    expect((await numbersOf('metric'))[0]).toBe('step,seconds,accuracy,macro F1');
    expect((await numbersOf('loss'))[0]).toBe('step,seconds,training loss (nats),validation loss (nats)');
    await panel.page.locator('#table > summary').click();
    // The table is filled when it has been unfolded.
    const caption = 'Loss in nats and accuracy, at each validation';
    await panel.page.locator('#table caption').getByText(caption, { exact: true }).waitFor();
    expect(await panel.page.locator('#table th').allInnerTexts()).toEqual([
      'step',
      'training',
      'validation',
      'accuracy',
      'gradient norm',
    ]);
    const last = await panel.page.locator('#table tbody tr:last-child td').allInnerTexts();
    expect(last.slice(1)).toEqual(last.slice(1).map(() => expect.stringMatching(/^\d+\.\d+$/)));
  });

  test('shares its charts with runs of the same metric alone, and names the others', async () => {
    const other = classifierRun(300);
    const worse: RunSnapshot = {
      ...other,
      start: { ...other.start!, layers: 'Elman 64' },
      points: {
        ...other.points,
        validations: other.points.validations.map((each) => ({ ...each, metric: each.metric! - 0.2 })),
      },
    };
    await lay(worse, longRun(400));
    await expect.poll(() => words('metric')).toContain('Elman 64');
    for (const figure of ['loss', 'metric', 'gradient'])
      expect(await words(figure)).not.toContain('LSTM 128, LSTM 128');
    expect(await textOf('#loss small')).toBe(
      'Not drawn, because their losses have another unit: LSTM 128, LSTM 128',
    );
    expect(await textOf('#gradient small')).toBe(await textOf('#loss small'));
    expect(await textOf('#metric small')).toBe(
      'Not drawn, because they have another metric: LSTM 128, LSTM 128',
    );
    const heads = panel.page.locator('#comparison thead th');
    expect(await heads.allInnerTexts()).toEqual([
      'run',
      'accuracy',
      'bits per character',
      'tokens/s',
      'trained parameters',
      'seconds',
    ]);
    // The highest accuracy is first, and what has none is last.
    const rows = panel.page.locator('#comparison tbody tr:not(.remark) th');
    expect(await rows.allInnerTexts()).toEqual(['GRU 64', 'Elman 64', 'LSTM 128, LSTM 128']);
    expect(await heads.nth(1).getAttribute('aria-sort')).toBe('descending');
    await heads.nth(2).getByRole('button').click();
    expect((await rows.allInnerTexts())[0]).toBe('LSTM 128, LSTM 128');
    expect(await heads.nth(2).getAttribute('aria-sort')).toBe('ascending');
  });

  test('gives way to a language model, whose charts are its own again', async () => {
    await lay(classifierRun(400));
    await show(longRun(400));
    expect(await isShown('metric')).toBe(false);
    expect(await label('loss')).toMatch(/in bits per character/);
    expect(await textOf('#loss small')).toBe('Not drawn, because their losses have another unit: GRU 64');
  });
});

test('updates go on in both charts', async () => {
  const run = classifierRun(400);
  await show(run);
  const update: HostToPanel = {
    type: 'update',
    live: false,
    status: { kind: 'paused' },
    progress: run.progress,
    points: {
      steps: [],
      validations: [{ step: 500, seconds: 20, loss: 0.1, metric: 0.99 }],
      probes: [],
      samples: [],
      notes: [],
    },
  };
  await panel.send(update);
  expect(await panel.page.locator('#metric canvas').getAttribute('aria-description')).toBe(
    'Shows the steps from 0 to 500.',
  );
  expect(await textOf('#figures')).toMatch(/accuracy\s+0\.99/);
});
