// Shows the built panel wide and narrow, folds its sections, and points at its drawings.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { longRun, PanelPage } from '../../host/panelPage.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await PanelPage.open({ width: 1300, height: 900 });
  await show();
});
afterAll(() => panel[Symbol.asyncDispose]());

const show = (page = panel) =>
  page.send({ type: 'snapshot', id: 'shown', live: true, run: longRun(400), temperature: 0.8 });
const box = async (selector: string) => (await panel.page.locator(selector).boundingBox())!;
const posted = async (type: string) => (await panel.posted()).filter((message) => message.type === type);

test('from 900 pixels on, charts stand in two columns of sensible proportions', async () => {
  const [loss, gradient] = [await box('#loss canvas'), await box('#gradient canvas')];
  expect(gradient.x).toBeGreaterThan(loss.x + loss.width);
  expect(loss.width / loss.height).toBeLessThan(3.5);
  await panel.page.setViewportSize({ width: 880, height: 900 });
  await expect.poll(async () => (await box('#gradient canvas')).x).toBe((await box('#loss canvas')).x);
  await panel.page.setViewportSize({ width: 1300, height: 900 });
});

test('what it writes and how well it predicts stand at the top', async () => {
  const [writing, headline] = [await box('#writing'), await box('#headline')];
  expect(Math.max(writing.y + writing.height, headline.y + headline.height)).toBeLessThan(400);
  expect(await panel.page.locator('#writing pre .surprise').count()).toBeGreaterThan(3);
  expect(await panel.page.locator('#writing .says').innerText()).toMatch(
    /^Written at step [\d,]+: it was sure of/,
  );
  expect(await panel.page.locator('#value').innerText()).toMatch(/^\d\.\d\d$/);
  expect(await panel.page.locator('#unit').innerText()).toBe('bits per character');
  expect(await panel.page.locator('#bars dt').allInnerTexts()).toHaveLength(3);
});

test('every figure says what it shows now', async () => {
  for (const figure of ['loss', 'gradient', 'unrolled', 'lag', 'windows', 'units', 'path', 'freeRunning'])
    expect(await panel.page.locator(`#${figure} .says`).innerText(), figure).toMatch(/\.$/);
});

describe('a section', () => {
  test('that is folded is remembered by the host', async () => {
    expect(await posted('fold')).toEqual([]);
    await panel.page.locator('#gradients > summary').click();
    await expect.poll(() => posted('fold')).toEqual([{ type: 'fold', sections: ['gradients'] }]);
    expect(await panel.page.locator('#lag').isVisible()).toBe(false);
    await panel.page.locator('#gradients > summary').press('Enter');
    await expect.poll(async () => (await posted('fold')).at(-1)).toEqual({ type: 'fold', sections: [] });
  });

  test('that the host remembers as folded is folded', async () => {
    const before = (await posted('fold')).length;
    await panel.send({ type: 'folded', sections: ['insides', 'of an earlier version'] });
    expect(await panel.page.locator('#units').isVisible()).toBe(false);
    await panel.send({ type: 'folded', sections: [] });
    await panel.page.locator('#units').waitFor();
    // The host knows that already.
    expect((await posted('fold')).length).toBe(before);
  });
});

test('a part of a drawing says what it is, by mouse and by keyboard', async () => {
  const { page } = panel;
  const readout = page.locator('#unrolled .readout');
  await page.locator('#unrolled circle').first().hover();
  expect(await readout.innerText()).toMatch(/^h in layer 1 after “.+”: mean \|value\| 0\.\d\d\..*h\[t\] = /);
  await page.mouse.move(0, 0);
  await page.locator('#unrolled svg').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  expect(await readout.innerText()).toMatch(/steps back: a gradient of/);
  await page.keyboard.press('Escape');
  expect(await readout.innerText()).toBe('');
});

test('the stream of the text has letters where there is room for all of them', async () => {
  const { page } = panel;
  const letters = async () => {
    const texts = await page.locator('#windows svg text').allTextContents();
    return texts.filter((text) => !text.startsWith('k')).join('');
  };
  expect(await letters()).toBe('Jan␣10␣06:10␣INFO␣accepted␣password␣for␣');
  await page.setViewportSize({ width: 600, height: 900 });
  await expect.poll(letters).toBe('');
  await page.setViewportSize({ width: 1300, height: 900 });
});

test('letters of the path of the state do not lie on one another', async () => {
  const boxes = await panel.page
    .locator('#path svg text[text-anchor=middle]')
    .evaluateAll((texts) =>
      texts.map((text) => [text.getAttribute('x'), text.getAttribute('y')].map(Number)),
    );
  expect(boxes.length).toBeGreaterThan(10);
  const distances = boxes.flatMap(([x, y], at) =>
    boxes.slice(0, at).map(([otherX, otherY]) => Math.hypot(otherX - x, otherY - y)),
  );
  expect(Math.min(...distances)).toBeGreaterThan(10);
});

test('the units are those of the gate that is chosen', async () => {
  const { page } = panel;
  expect(await page.locator('#units select').inputValue()).toBe('layers.0.h');
  const drawn = () => page.locator('#units svg').innerHTML();
  const before = await drawn();
  await page.locator('#units select').selectOption('layers.0.f');
  await page.locator('#units svg').scrollIntoViewIfNeeded();
  await expect.poll(drawn).not.toBe(before);
});

test('a drawing is saved as SVG and as numbers', async () => {
  const save = async (figure: string, kind: string) => {
    await panel.page.locator(`#${figure}`).getByRole('button', { name: kind, exact: true }).click();
    const saved = (await panel.posted()).at(-1)!;
    if (saved.type !== 'save') throw new Error(`The panel sent ${saved.type}.`);
    return saved;
  };
  const picture = await save('path', 'SVG');
  expect([picture.name, picture.kind]).toEqual(['path.svg', 'svg']);
  expect(picture.content).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  const first = async (figure: string) => (await save(figure, 'CSV')).content.split('\r\n')[0];
  expect(await first('path')).toBe('position,token,kind,component 1,component 2');
  expect(await first('unrolled')).toBe('steps back,token,state,gradient norm,mean absolute activation');
  expect(await first('units')).toMatch(/^position,token,unit 1,unit 6,/);
  expect(await first('windows')).toBe('update,first new step,first step of the gradient,last step');
  expect(await first('freeRunning')).toBe(
    'tokens after the passage,teacher forcing (bits),free running (bits)',
  );
});

test('compared runs are drawn each under its name, also by lag', async () => {
  const other = longRun(300);
  await panel.page.evaluate(`
    window.drawn = new Set();
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
      window.drawn.add(this.canvas.closest('figure').id + ' ' + text);
      fillText.call(this, text, ...place);
    };
  `);
  const [probe] = other.points.probes;
  const run = {
    ...other,
    start: { ...other.start!, layers: 'GRU 8' },
    points: { ...other.points, probes: [probe] },
  };
  await panel.send({ type: 'earlier', runs: [{ id: 'other', run }] });
  const drawn: string[] = await panel.page.evaluate('[...window.drawn]');
  expect(drawn).toContain('loss LSTM 128, LSTM 128: validation');
  expect(drawn).toContain('loss GRU 8');
  expect(drawn).toContain('lag GRU 8: c in layer 1');
  expect(drawn).toContain('lag LSTM 128, LSTM 128: c in layer 1');
  await panel.send({ type: 'earlier', runs: [] });
});

test('the panel says whether the model that it shows completes the file in front', async () => {
  const says = () => panel.page.locator('#front').innerText();
  const front = (model: string | null, source: string | null) =>
    panel.send({ type: 'front', front: { text: 'notes.md', model, source } });
  await front('shown', 'server.log');
  expect(await says()).toBe('★ This model completes the file in front, notes.md.');
  await front('other', 'a.md');
  expect(await says()).toBe('The file in front, notes.md, is completed by another model, trained on a.md.');
  await front(null, null);
  expect(await says()).toBe('The file in front, notes.md, has no model yet.');
  await panel.send({ type: 'front', front: null });
  expect(await panel.page.locator('#front').isVisible()).toBe(false);
});
