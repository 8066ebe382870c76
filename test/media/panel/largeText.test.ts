// With text twice as large, everything still fits the panel's width.
import { expect, test } from 'vitest';
import { longRun, PanelPage } from '../../host/panelPage.ts';

test('half of an editor is wide enough for text twice as large', async () => {
  await using panel = await PanelPage.open({ width: 520, height: 900 });
  await panel.send({ type: 'snapshot', id: 'shown', live: true, run: longRun(10_000), temperature: 0.8 });
  const wider = () => panel.page.evaluate('document.body.scrollWidth - document.body.clientWidth');
  await panel.page.evaluate("document.body.style.setProperty('font-size', '200%', 'important')");
  // Charts are drawn anew in the frame after.
  await expect.poll(wider).toBe(0);
});
