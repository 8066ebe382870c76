// Nothing leaves the machine: no bundle can connect, the panel may not, and training and sampling do not.
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { Extension } from './host/vscode/extension.ts';
import { host } from './host/vscode/window.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const out = join(import.meta.dirname, '../out');
const folder = temporaryFolder('offline');

test('no bundle knows how to ask another machine, but for TensorFlow.js, which is loaded without a need for it', () => {
  const bundles = globSync(['*.cjs', 'media/*.js', 'cells.js'], { cwd: out });
  expect(bundles.length).toBeGreaterThan(10);
  const network =
    /\b(?:require|import)\(["'](?:node:)?(?:https?|http2|net|tls|dgram|dns(?:\/promises)?|undici|ws)["']\)|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource|RTCPeerConnection|importScripts/;
  const able = bundles.filter((name) => network.test(readFileSync(join(out, name), 'utf8')));
  expect(able.map((name) => basename(name))).toEqual(['tfjs.cjs']);
});

test('the panel may load its own script and style, and connect to nothing', async () => {
  const extension = await Extension.start();
  try {
    await host.commands.get('unroll.showPanel')!();
    const { html } = host.webviews.at(-1)!;
    const policy = html.match(/Content-Security-Policy" content="([^"]*)"/)![1];
    expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-[^']+'; style-src csp:;$/);
  } finally {
    extension.dispose();
  }
});

/** A script that appends to a file what was asked of the network, and refuses it. */
const refusal = `
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
import { appendFileSync } from 'node:fs';
const refuse = (what) => () => {
  appendFileSync(${JSON.stringify(join(folder, 'asked'))}, what + '\\n');
  throw new Error('The network was asked: ' + what);
};
net.Socket.prototype.connect = refuse('connect');
net.Server.prototype.listen = refuse('listen');
dgram.Socket.prototype.send = refuse('send');
dns.lookup = dns.promises.lookup = refuse('lookup');
globalThis.fetch = refuse('fetch');
`;

test.each(['auto', 'tfjs'])('a training and a text that is written ask nobody: %s', (engine) => {
  const preload = join(folder, 'refuse.mjs');
  writeFileSync(preload, refusal);
  writeFileSync(join(folder, 'asked'), '');
  const text = join(folder, 'text.txt');
  writeFileSync(text, 'red green blue, and no other\n'.repeat(60));
  const model = join(folder, engine);
  const unroll = (...args: string[]) =>
    execFileSync(process.execPath, [`--import=${preload}`, join(out, 'cli.cjs'), ...args], { stdio: 'pipe' });
  const small = ['--cell', 'Elman', '--hidden', '8', '--layers', '1', '--epochs', '1'];
  unroll('train', text, ...small, '--engine', engine, '--out', model);
  unroll('sample', model, '--length', '20');
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('');
  // Only the user can read the texts, and the weights that have learned them.
  const modes = [model, ...globSync(`${model}/*`)].map((path) => statSync(path).mode & 0o777);
  expect([...new Set(modes)]).toEqual([0o700, 0o600]);
});
