// Takes pictures for the walkthrough’s steps from the running product, in the dark and the
// light theme.
import { join, relative } from 'node:path';
import { Session } from '../test/e2e/session.ts';
import { root } from '../test/host/tools.ts';
import { packageExtension } from './package.ts';

/** The size of the window, in which letters stay readable in the walkthrough, which is half a window wide. */
const viewport = { width: 1240, height: 500 };

/** The first line that the walkthrough asks to type. */
const typed = '2026-05-04T15:21:10 WARN  c';

const settings = {
  'unroll.model.layers': 'LSTM 128, LSTM 128',
  'unroll.train.k1': 50,
  'unroll.train.k2': 50,
  'unroll.train.epochs': 12,
  'workbench.activityBar.location': 'hidden',
  'workbench.statusBar.visible': false,
  'editor.minimap.enabled': false,
  'breadcrumbs.enabled': false,
  // Wrapping keeps suggestions within the picture.
  'editor.wordWrap': 'on',
};

await packageExtension();
await using session = await Session.start({}, null, settings);
const { code, panel } = session;
const { page } = code;
await page.setViewportSize(viewport);

/**
 * Takes a picture in each theme.
 *
 * @param show brings up what is shown, in each theme anew, because choosing a theme takes the focus away
 * @param group the index of the editor group, from the left
 */
async function picture(name: string, group: number, show: () => Promise<void>): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await code.setTheme(theme);
    await show();
    const clip = (await page.locator('.editor-group-container').nth(group).boundingBox())!;
    const path = join(root, 'media/walkthrough', `${name}-${theme}.png`);
    await page.screenshot({ path, clip });
    process.stdout.write(`${relative(process.cwd(), path)}\n`);
  }
}

await page.keyboard.press('ControlOrMeta+B');
await code.command('Unroll: Open Sample Text');
await code.tab('Untitled-1').waitFor();
await picture('text', 0, async () => {});

await code.command('Unroll: Train on Current File');
await session.status('ended');
await picture('train', 1, () => panel.locator('h1').scrollIntoViewIfNeeded());
await picture('watch', 1, () => panel.locator('#lag').evaluate((figure) => figure.scrollIntoView()));

await code.goToEnd();
await code.type(typed);
await picture('accept', 0, async () => {
  await code.goToEnd();
  await code.page.keyboard.press('Backspace');
  await code.type(typed.at(-1)!);
  await code.suggestion();
});

/**
 * Trains on a sample table and takes a picture of what is suggested at its end.
 * @param text the tab of the sample
 */
async function tablePicture(name: string, command: string, text: string): Promise<void> {
  await code.command(command);
  await code.tab(text).waitFor();
  await code.command('Unroll: Train on Current File');
  await code.quickInput.rows.first().waitFor();
  await page.keyboard.press('Enter');
  await panel.locator('h1').getByText(text, { exact: true }).waitFor();
  await session.status('ended');
  await code.clearNotifications();
  await picture(name, 0, async () => {
    await code.focusLeft();
    await code.goTo(2, 1);
    await code.goToEnd();
    await code.suggestion();
  });
}

await tablePicture('table', 'Unroll: Open Sample Table', 'Untitled-2');
await tablePicture('series', 'Unroll: Open Sample Series', 'Untitled-3');

await code.command('Unroll: New Cell');
const first = page.locator('.quick-input-widget:visible .monaco-list-row').first();
await first.getByText('LSTM', { exact: true }).waitFor();
await page.keyboard.press('Enter');
await code.tab('Untitled-4').waitFor();
await page.getByText('Check Gradients').waitFor();
await picture('cell', 0, async () => {});
