// Takes the README's picture of a column that is filled in, from the running product: the table before and after, while
// one chooses how sure the network has to be.
import { join, relative } from 'node:path';
import { log, Session } from '../test/e2e/session.ts';
import { root } from '../test/host/tools.ts';
import { packageExtension } from './package.ts';

/** The kind of a line of the log. */
const kindOf = (line: string) =>
  line.includes('session') ? 'session' : line.includes('closed') ? 'network' : 'login';

/** The length of a line's date, without which a row fits half of the picture. */
const undated = 'Jan 10 06:00 INFO '.length;

/** A log as a table, whose kind is filled in only in every third row. */
function table(): string {
  const lines = log(300)
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(undated));
  return `line,kind\n${lines.map((line, row) => `${line},${row % 3 === 0 ? kindOf(line) : ''}`).join('\n')}\n`;
}

const settings = {
  'unroll.model.layers': 'GRU 32',
  'unroll.train.epochs': 20,
  'workbench.statusBar.visible': false,
  'workbench.activityBar.location': 'hidden',
  'editor.minimap.enabled': false,
  'diffEditor.renderSideBySide': true,
  'workbench.colorTheme': 'Dark Modern',
};

await packageExtension();
await using session = await Session.start({ 'server-log.csv': table() }, 'server-log.csv', settings);
const { code } = session;
await code.page.setViewportSize({ width: 1160, height: 520 });
await code.page.keyboard.press('ControlOrMeta+B');
await code.command('Unroll: Train on Current File');
await code.quickInput.rows.filter({ hasText: 'Classify' }).first().waitFor();
await code.page.keyboard.press('Enter');
await session.status('ended');
await code.clearNotifications();
await code.tab('Unroll Training').click();
await code.command('View: Close Editor');
await code.goTo(1, 1);
await code.command('Unroll: Fill Column');
await code.quickInput.row('All rows').waitFor();
await code.page.locator('.monaco-diff-editor .line-insert').first().waitFor();
// The tooltip of the field would lie over the picture.
await code.page.mouse.move(0, 0);
await code.page.locator('.monaco-hover:visible').waitFor({ state: 'hidden' });
const path = join(root, 'media/pictures/column.png');
await code.screenshot(path);
process.stdout.write(`${relative(process.cwd(), path)}\n`);
