// An animated WebP made of frames is one that a browser shows.
import { expect, test } from 'vitest';
import { animatedWebp } from '../scripts/animation.ts';
import { launchChromium } from './host/chromium.ts';

test('frames become an animation whose parts are those that change', async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 200, height: 100 } });
    const shoot = async (left: number) => {
      await page.setContent(
        `<body style="margin:0"><div style="position:absolute;left:${left}px;top:31px;width:20px;height:20px;background:red">`,
      );
      return { png: await page.screenshot(), milliseconds: 500 };
    };
    const frames = [await shoot(11), await shoot(51), await shoot(51)];
    const file = await animatedWebp(page, frames, 200);

    expect([file.toString('latin1', 0, 4), file.readUInt32LE(4)]).toEqual(['RIFF', file.length - 8]);
    const parts: number[][] = [];
    for (let at = 12; at < file.length; at += 8 + file.readUInt32LE(at + 4))
      if (file.toString('latin1', at, at + 4) === 'ANMF')
        parts.push([0, 3, 6, 9, 12].map((offset) => file.readUIntLE(at + 8 + offset, 3)));
    // Each is x / 2, y / 2, width - 1, height - 1 and the milliseconds.
    expect(parts).toEqual([
      [0, 0, 199, 99, 500],
      [5, 15, 60, 20, 500],
      [0, 0, 0, 0, 500],
    ]);
    const shown = await page.evaluate(`(async () => {
      const image = new Image();
      image.src = 'data:image/webp;base64,${file.toString('base64')}';
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    })()`);
    expect(shown).toEqual([200, 100]);
  } finally {
    await browser.close();
  }
});
