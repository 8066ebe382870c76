// Saves the confusion matrix that the built panel shows, and looks at the picture.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunSnapshot } from '../../../../src/protocol/run.ts';
import { classifierRun, PanelPage } from '../../../host/panelPage.ts';
import { root } from '../../../host/tools.ts';

let panel: PanelPage;
beforeAll(async () => {
  panel = await PanelPage.open();
});
afterAll(() => panel[Symbol.asyncDispose]());

const run: RunSnapshot = {
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
      confusion: {
        classes: ['login', 'network'],
        counts: [
          [0, 0, 30],
          [0, 1, 2],
          [1, 1, 12],
        ],
        rows: [],
        isOfFile: true,
      },
    },
  },
};

test('the matrix is saved as a picture, with the colours of its cells', async () => {
  await panel.send({ type: 'snapshot', id: 'shown', live: false, run, temperature: 0.8 });
  await panel.page.locator('#confusion').getByRole('button', { name: 'PNG' }).click();
  const saved = (await panel.posted()).at(-1)!;
  if (saved.type !== 'save') throw new Error(`The panel sent ${saved.type}.`);
  expect([saved.name, saved.kind]).toEqual(['confusion.png', 'png']);
  mkdirSync(join(root, 'out/screenshots'), { recursive: true });
  writeFileSync(join(root, 'out/screenshots/confusion.png'), Buffer.from(saved.content, 'base64'));
  const table = (await panel.page.locator('#confusion .matrix').boundingBox())!;
  /** Returns the size of the picture, and the mean of red, green and blue over the corner of a cell in it. */
  const found: { width: number; right: number[]; empty: number[] } = await panel.page.evaluate(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${saved.content}';
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const whole = document.querySelector('#confusion .matrix').getBoundingClientRect();
    const colour = (selector) => {
      const cell = document.querySelector('#confusion .matrix ' + selector).getBoundingClientRect();
      return [...context.getImageData(cell.left - whole.left + 8 + 3, cell.top - whole.top + 8 + 3, 1, 1).data];
    };
    return { width: image.width, right: colour('td.right'), empty: colour('tr:nth-child(2) td.wrong') };
  })()`);
  expect(found.width).toBeGreaterThan(table.width);
  const [red, green] = found.right;
  expect(green).toBeGreaterThan(red + 20);
  // A cell without rows has the colour of the editor.
  expect(found.empty).toEqual([0x1f, 0x1f, 0x1f, 255]);
});
