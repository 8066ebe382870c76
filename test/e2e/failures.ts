// Shows what was on the screen when a test failed, as a picture and in words, because often only the words
// are seen. The words are also kept, to be said again at the end of all tests.
import { appendFileSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach } from 'vitest';
import { failedScreens, say } from '../host/tools.ts';
import { Session } from './session.ts';

const linesKept = 20;
/** The milliseconds that a window which does not answer is waited for: fewer than a test would wait. */
const patience = 10_000;

/** A script that reads in the page what has the keyboard focus, what asks, and what is open. */
const screen = `(() => {
  const text = (element) => element.innerText.replace(/\\s+/g, ' ').trim();
  const all = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
  const name = ({ tagName, id, classList, dataset, ariaLabel, title }) =>
    [tagName.toLowerCase(), id && '#' + id, ...[...classList].map((each) => '.' + each)].join('') +
    [dataset.uri, ariaLabel, title].filter(Boolean).map((each) => ' "' + each + '"').join('');
  const focused = [];
  for (let at = document.activeElement; at && focused.length < 4; at = at.parentElement) focused.push(name(at));
  return {
    'Keyboard in': [focused.join(' < ')],
    'Editors': all('.editor-group-container').map((group) =>
      (group.matches('.active') ? '(active group) ' : '') +
      [...group.querySelectorAll('.tab')].map((tab) =>
        (tab.matches('.active') ? '*' : '') + tab.ariaLabel + (tab.matches('.dirty') ? ' (changed)' : '')).join(' | ')),
    'Asked': all('.quick-input-widget').flatMap((widget) => [
      [...widget.querySelectorAll('input.input')].map(({ value }) => value).join(),
      ...text(widget).match(/.{1,300}/g) ?? []]),
    'Suggested': all('.ghost-text-decoration, .ghost-text-decoration-preview').map(text),
    'Dialog': all('.monaco-dialog-box').map(text),
    'Notifications': all('.notification-list-item').map(text),
    'Status bar': all('.part.statusbar').map(text),
  };
})()`;

/** Matches what the log says of every extension at every start. */
const usual =
  /ExtensionService#_doActivateExtension|Creating extension host with|ENOTFOUND|GetAddrInfoReqWrap/;

/** Returns the beginning of the panel's text, if the panel is shown. */
async function panelOf({ panel }: Session): Promise<string[]> {
  const body = panel.locator('body');
  const status = await body.getAttribute('data-status', { timeout: patience / 10 }).catch(() => null);
  if (status === null) return [];
  const text = await body.innerText();
  return [`(${status}) ${text.replace(/\s+/g, ' ').trim().slice(0, 300)}`];
}

/** Returns the end of the log of an extension, or of the host in which all of them run. */
function endOf(session: Session, name: string): string[] {
  return globSync(`*/exthost*/${name}`, { cwd: session.server.logs })
    .sort()
    .flatMap((path) => readFileSync(join(session.server.logs, path), 'utf8').trimEnd().split('\n'))
    .filter((line) => !usual.test(line))
    .slice(-linesKept);
}

async function show(session: Session, name: string): Promise<void> {
  const picture = `failed-${name.replace(/[^\p{L}\p{N}]+/gu, '-')}`;
  const late = new Promise<never>((_, reject) => setTimeout(reject, patience, new Error('too late')).unref());
  const look = async (): Promise<Record<string, string[]>> => {
    await session.screenshot(picture);
    return {
      ...((await session.code.page.evaluate(screen)) as Record<string, string[]>),
      Panel: await panelOf(session),
    };
  };
  const seen = await Promise.race([look(), late]).catch((error: Error) => ({
    'The window does not answer': [error.message],
  }));
  const said: Record<string, string[]> = {
    ...seen,
    'Errors in the window': session.errors.slice(-linesKept),
    'Extension host': endOf(session, 'remoteexthost.log'),
    Unroll: endOf(session, 'unroll.unroll/*.log'),
  };
  const report = [
    `\nWhen '${name}' failed (out/screenshots/${picture}.png):`,
    ...Object.entries(said)
      .filter(([, lines]) => lines.length > 0)
      .map(([what, lines]) => `  ${what}:\n${lines.map((line) => `    ${line}`).join('\n')}`),
  ].join('\n');
  say(report);
  mkdirSync(dirname(failedScreens), { recursive: true });
  appendFileSync(failedScreens, `${report}\n`);
}

async function showAll(name: string): Promise<void> {
  for (const session of Session.all) await show(session, name);
}

beforeEach(({ task, onTestFailed }) => onTestFailed(() => showAll(task.name)));

/** Shows the windows when the file failed although none of its tests did, as before the first test. */
// biome-ignore lint/correctness/noEmptyPattern: Vitest reads from it that no fixture is needed.
afterAll(async ({}, { name, tasks, result }) => {
  if (result?.state === 'fail' && tasks.every((task) => task.result?.state !== 'fail')) await showAll(name);
});
