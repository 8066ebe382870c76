// A trained model in a web page, without any of our code but what was exported: it is loaded, and it writes.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { launchChromium } from '../host/chromium.ts';
import { root } from '../host/tools.ts';

const unroll = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(root, 'out/cli.cjs'), ...args]);

test('the exported page writes text', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-web-'));
  const [text, model, web] = ['log.txt', 'model', 'web'].map((name) => join(folder, name));
  writeFileSync(text, 'one two three four five six seven eight nine ten\n'.repeat(60));
  await unroll('train', text, '--epochs', '3', '--hidden', '24', '--layers', '1', '--out', model);
  await unroll('export', model, '--out', web);
  const likeliest = ['--prompt', 'one two ', '--length', '30', '--temperature', '0'];
  const { stdout } = await unroll('sample', model, ...likeliest);

  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const failures: string[] = [];
    page.on('pageerror', ({ message }) => failures.push(message));
    await page.route('http://web.test/**', (route) => {
      const path = new URL(route.request().url()).pathname;
      const types: Record<string, string> = {
        html: 'text/html',
        js: 'text/javascript',
        json: 'application/json',
      };
      const contentType = types[path.split('.').at(-1)!] ?? 'application/octet-stream';
      return route.fulfill({ body: readFileSync(join(web, path)), contentType });
    });
    // As it comes from the network, whose place this is.
    await page.route('https://cdn.jsdelivr.net/**', (route) =>
      route.fulfill({ path: join(root, 'node_modules/@tensorflow/tfjs/dist/tf.min.js') }),
    );
    await page.goto('http://web.test/index.html');
    await page.getByText('Trained on', { exact: false }).waitFor();
    await page.getByLabel('Beginning').fill('one two ');
    await page.getByLabel('Temperature').fill('0.001');
    await page.getByRole('button', { name: 'Write' }).click();
    const written = () => page.locator('#text').innerText();
    await expect.poll(async () => (await written()).length).toBeGreaterThan(60);
    expect((await written()).slice(0, 38)).toBe(`one two ${stdout.slice(0, 30)}`);
    expect(failures).toEqual([]);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
});
