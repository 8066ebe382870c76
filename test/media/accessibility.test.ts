// Shows every section of the panel, and the pictures of cells, in four themes, wide and narrow: axe-core finds nothing that
// keeps anybody from reading them, and nothing is wider than the window.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { builtinCells } from '../../src/cells/index.ts';
import { readCells } from '../../src/language/check.ts';
import type { CellPicture } from '../../src/protocol/laboratory.ts';
import type { RunSnapshot } from '../../src/protocol/run.ts';
import { trace } from '../../src/tape/probing/trace.ts';
import { equationNodes, pictureOfTrace } from '../../src/worker/cellPictures.ts';
import { classifierRun, longRun, PanelPage, type PanelTheme } from '../host/panelPage.ts';
import { root } from '../host/tools.ts';

/** A run on a table with all that the end of a run may bring, and with both directions and an alignment. */
function fullRun(): RunSnapshot {
  const run = classifierRun(400);
  const probe = run.points.probes.at(-1)!;
  const passage = probe.passage!;
  const distances = Array.from({ length: passage.read }, (_, at) => 0.8 ** Math.abs(at - 20));
  const column = {
    name: 'level',
    before: [1, 2, 3],
    actual: [4, 5],
    forecast: [4, 7],
    lower: [3, 6],
    upper: [5, 8],
    baselines: [{ name: 'last value', values: [3, 3] }],
  };
  const row = { line: 3, text: 'the printer is on fire', target: 0, predicted: 1, probability: 0.9 };
  return {
    ...run,
    status: {
      kind: 'ended',
      result: {
        end: 'budget',
        steps: 400,
        tokens: 1000,
        characters: 1000,
        seconds: 10,
        tokensPerSecond: 100,
        trainLoss: 1,
        validationLoss: 1,
        bestStep: 400,
        forecast: { rows: 30, level: 0.8, columns: [column] },
        confusion: {
          classes: ['hardware', 'network'],
          counts: [
            [0, 0, 8],
            [0, 1, 2],
            [1, 1, 9],
          ],
          rows: [row],
          isOfFile: true,
        },
      },
    },
    points: {
      ...run.points,
      probes: [
        {
          ...probe,
          passage: { ...passage, around: { at: 20, forward: distances, backward: distances } },
        },
      ],
      samples: [
        {
          step: 400,
          temperature: 0.8,
          text: 'ab\tAB\n',
          alignments: [
            {
              source: ['a', 'b'],
              target: ['A', 'B', ''],
              weights: [
                [0.9, 0.1],
                [0.2, 0.8],
                [0.5, 0.5],
              ],
            },
          ],
        },
      ],
    },
  };
}

const lstm = builtinCells.get('LSTM')!;
const [cell] = readCells(lstm).cells;
const equations = equationNodes(lstm, cell);
const symbols = 'hello, hello';
const pictures: readonly CellPicture[] = [
  { kind: 'graph', equations },
  pictureOfTrace(trace(cell, { symbols, hidden: 6, seed: 1 }), symbols, equations),
];

async function check({ page }: PanelPage, theme: PanelTheme, what: string): Promise<void> {
  // A theme is nothing but colours, so one theme is enough for rules about anything else.
  const rules = theme === 'dark' ? {} : { runOnly: ['color-contrast', 'link-in-text-block'] };
  const run = `axe.run(${JSON.stringify({ ...rules, resultTypes: ['violations'] })})`;
  for (const width of [1300, 320]) {
    await page.setViewportSize({ width, height: 900 });
    // Charts and drawings follow the size of the window when it is next drawn.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    const wider = 'document.body.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate<number>(wider), `${what}, ${width} pixels wide`).toBeLessThanOrEqual(0);
    const { violations } = (await page.evaluate(run)) as axe.AxeResults;
    const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
    expect(found, `${what}, ${width} pixels wide`).toEqual([]);
  }
}

test.each(['panel', 'cell'])('the style sheet of the %s is the same in every theme', (name) => {
  const sheet = readFileSync(join(root, `out/media/${name}.css`), 'utf8');
  expect(sheet).toContain('--vscode-');
  expect(sheet).not.toMatch(/\.vscode-|prefers-|forced-colors/);
});

const themes: readonly PanelTheme[] = ['dark', 'light', 'contrast', 'contrastLight'];

test.each(themes)('in the theme %s every section of the panel can be read', async (theme) => {
  await using panel = await PanelPage.open(undefined, theme);
  await panel.page.evaluate(axe.source);
  for (const [what, run] of Object.entries({ text: longRun(400), table: fullRun() })) {
    await panel.send({ type: 'snapshot', id: 'shown', live: false, run, temperature: 0.8 });
    await check(panel, theme, what);
  }
  const shown = ['#confusion', '#forecast', '#bothWays', '#alignment', '#units', '#windows', '#path'];
  for (const figure of shown) expect(await panel.page.locator(figure).isVisible(), figure).toBe(true);
});

test.each(themes)('in the theme %s pictures of cells can be read', async (theme) => {
  await using panel = await PanelPage.open(undefined, theme, 'cell');
  await panel.page.evaluate(axe.source);
  for (const picture of pictures) {
    await panel.send({ type: 'picture', cell: 'LSTM', picture });
    await check(panel, theme, picture.kind);
  }
});
