// Checks which names are secret (by themselves, in any case, as old versions, by links), and which texts are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { secretGlobs } from '../../src/protocol/secretGlobs.ts';
import { type FileSystem, holdsPrivateKey, isSecretFile, isSecretName } from '../../src/protocol/secrets.ts';
import { root } from '../host/tools.ts';
import { cases, ordinaryFiles, secretFiles, versions } from '../soak/targets/secrets/files.ts';

const isSecret = (name: string) => isSecretName(`/home/user/project/${name}`, secretGlobs);

test('every name of a secret file, in every case and as every old version', () => {
  const missed = secretFiles.flatMap((file) =>
    cases.flatMap((inCase) =>
      versions.map((version) => inCase(file) + version).filter((name) => !isSecret(name)),
    ),
  );
  expect(missed).toEqual([]);
});

test('no ordinary name', () => expect(ordinaryFiles.filter(isSecret)).toEqual([]));

test.each([
  ...['passwords-2024.csv', 'password.ts', 'db_credentials.go'].map((name) => [name, true] as const),
  ...['password-reset.ts', 'tokenizer.json', 'tokens.css'].map((name) => [name, false] as const),
])('README.md has the example %s, and says whether it is refused', (name, expected) => {
  const section = readFileSync(join(root, 'README.md'), 'utf8').match(/^## Secrets\n(.*?)^## /ms)![1];
  expect(section).toContain(`\`${name}\``);
  expect(isSecret(name)).toBe(expected);
  // The README names the refused files first.
  expect(section.indexOf(name) < section.indexOf('password-reset.ts')).toBe(expected);
});

test('of Windows, too', () => {
  expect(isSecretName('C:\\Users\\a\\.ssh\\config', secretGlobs)).toBe(true);
  expect(isSecretName('C:\\Users\\a\\notes.txt', secretGlobs)).toBe(false);
});

test.each([
  ['**/*.log', '/a/b.LOG', true],
  ['*.log', '/a/b.log', true],
  ['private/**', '/a/private/b.txt', true],
  ['/a/*.txt', '/a/b.txt', true],
  ['/a/*.txt', '/c/a/b.txt', false],
  ['**/[!a]*.txt', '/x/b.txt', true],
  ['**/[!a]*.txt', '/x/a.txt', false],
  ['**/*.{a,b}', '/x/y.b', true],
])('the glob %s names %s: %s', (glob, path, expected) => expect(isSecretName(path, [glob])).toBe(expected));

test('none where the user wants none', () => expect(isSecretName('/a/.env', [])).toBe(false));

test('a path as long as there may be is read in no time to speak of', () => {
  for (const part of ['a/', '-_.', 'token-', '.env/', 'secret'])
    expect(isSecretName(`/${part.repeat(4096 / part.length)}x.ts`, secretGlobs)).toBeTypeOf('boolean');
});

/** @param links the targets of links, by the links' paths. Every path that is no link is a file. */
function disk(links: Readonly<Record<string, string>>): FileSystem {
  const readlink = async (path: string) => links[path] ?? null;
  const realpath = async (path: string) => {
    for (const [link, target] of Object.entries(links))
      if (path === link || path.startsWith(`${link}/`)) {
        const absolute = new URL(target, `file://${link}`).pathname;
        return realpath(absolute + path.slice(link.length));
      }
    return path;
  };
  return { readlink, realpath };
}

test.each<[string, Record<string, string>, boolean]>([
  ['/p/notes.txt', {}, false],
  ['/p/notes.txt', { '/p/notes.txt': '/home/.env' }, true],
  ['/p/notes.txt', { '/p/notes.txt': '../home/id_rsa' }, true],
  ['/p/notes.txt', { '/p/notes.txt': 'middle', '/p/middle': '.env', '/p/.env': '/etc/plain' }, true],
  ['/p/keys/config', { '/p/keys': '/home/.ssh' }, true],
  ['/p/.ssh/config', { '/p/.ssh': '/home/plain' }, true],
  ['/p/a/b.txt', { '/p/a': '/q/c', '/q/c': '/home/.aws' }, true],
  ['/p/a/b.txt', { '/p/a': '/q/c' }, false],
])('%s, with the links %j: %s', async (path, links, expected) => {
  expect(await isSecretFile(path, secretGlobs, disk(links))).toBe(expected);
});

test('links in a circle end', async () => {
  const files = { readlink: async () => 'b', realpath: async () => '/elsewhere' };
  expect(await isSecretFile('/p/a', secretGlobs, files)).toBe(false);
});

const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';

test.each([
  ['PKCS #8', `-----BEGIN PRIVATE KEY-----\n${body}\n`, true],
  ['in the middle of notes', `the key:\n  -----BEGIN RSA PRIVATE KEY-----\n  ${body}\n`, true],
  ['with headers', `-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\n${body}`, true],
  ['of OpenPGP', `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n${body}`, true],
  ['in JSON', JSON.stringify({ private_key: `-----BEGIN PRIVATE KEY-----\n${body}\n` }), true],
  ['a certificate', `-----BEGIN CERTIFICATE-----\n${body}`, false],
  ['a public key', `-----BEGIN PUBLIC KEY-----\n${body}`, false],
  ['a program', `if (text.includes('-----BEGIN PRIVATE KEY-----')) throw new Error('a key');`, false],
])('a private key: %s', (_, text, expected) => expect(holdsPrivateKey(text)).toBe(expected));

test('many headers without a key take no longer than they are long', () => {
  expect(holdsPrivateKey('-----BEGIN PRIVATE KEY-----\n'.repeat(20_000))).toBe(false);
});
