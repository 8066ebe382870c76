// The picture of both directions: its sentence, its numbers, and what the built panel draws of it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bothWaysCsv, bothWaysSays } from '../../../../media/panel/passage/bothWaysText.ts';
import { classifierRun, PanelPage } from '../../../host/panelPage.ts';
import { root } from '../../../host/tools.ts';

const tokens = ['the', 'dog', 'sees', 'a', 'walk'];
const around = { at: 2, forward: [0.005, 0.4, 1, 0, 0], backward: [0, 0, 0.8, 0.3, 0.2] };

let pages: Record<'dark' | 'light', PanelPage>;
beforeAll(async () => {
  mkdirSync(join(root, 'out/screenshots'), { recursive: true });
  pages = { dark: await PanelPage.open(), light: await PanelPage.open(undefined, 'light') };
});
afterAll(async () => {
  for (const page of Object.values(pages)) await page[Symbol.asyncDispose]();
});

test('it is said how far each direction sees', () => {
  expect(bothWaysSays({ tokens, around })).toBe(
    'The output at “sees” depends on tokens as far as 1 before it and 2 after it: those whose gradient is at least a hundredth of the strongest. Bars are logarithmic, down to a thousandth.',
  );
});

test('the numbers are saved by their place from the token on', () => {
  expect(bothWaysCsv({ tokens, around }).split('\r\n').slice(0, 3)).toEqual([
    'position,token,from the start,from the end',
    '-2,the,0.005,0',
    '-1,dog,0.4,0',
  ]);
  expect(bothWaysCsv(null).split('\r\n')).toHaveLength(2);
});

test('the panel draws it where a layer reads both ways, and says what a bar is', async () => {
  const run = classifierRun(100);
  const probe = run.points.probes.at(-1)!;
  const passage = probe.passage!;
  const distances = Array.from({ length: passage.read }, (_, at) => at - 20);
  const seen = (side: number) =>
    distances.map((distance) => (side * distance >= 0 ? 0.8 ** Math.abs(distance) : 0));
  const middle = { at: 20, forward: seen(-1), backward: seen(1) };
  const both = {
    ...run,
    points: { ...run.points, probes: [{ ...probe, passage: { ...passage, around: middle } }] },
  };
  for (const [theme, panel] of Object.entries(pages)) {
    await panel.send({ type: 'snapshot', id: 'shown', live: false, run, temperature: 0.8 });
    expect(await panel.page.locator('#bothWays').isVisible()).toBe(false);
    await panel.send({ type: 'snapshot', id: 'shown', live: false, run: both, temperature: 0.8 });
    const figure = panel.page.locator('#bothWays');
    expect(await figure.isVisible()).toBe(true);
    const drawn = (await figure.locator('svg text').allTextContents()).slice(0, -2);
    const half = (drawn.length - 1) / 2;
    const shown = (token: string) => token.replace(' ', '␣').replace('\n', '↵');
    expect(half).toBeGreaterThan(3);
    expect(drawn).toEqual(passage.tokens.slice(20 - half, 21 + half).map(shown));
    await figure.locator('svg').focus();
    await panel.page.keyboard.press('ArrowRight');
    expect(await figure.locator('.readout').innerText()).toMatch(/^“.”, reading from the end: 0\.\d+$/);
    await figure.screenshot({ path: join(root, `out/screenshots/both-ways-${theme}.png`) });
  }
});
