// Puts a canary into every kind of secret file, reached by every route, and checks that nothing learns it.
import { globSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import '../../../host/vscode/register.ts';
import { secretGlobs } from '../../../../src/protocol/secretGlobs.ts';
import { isSecretName } from '../../../../src/protocol/secrets.ts';
import { root } from '../../../host/tools.ts';
import { Extension } from '../../../host/vscode/extension.ts';
import { type Session, target } from '../../target.ts';
import { cases, ordinaryFiles, routes, secretFiles, versions } from './files.ts';
import { type Found, Ways } from './ways.ts';

interface Input {
  readonly file: string;
  readonly name: number;
  readonly version: string;
  readonly route: (typeof routes)[number];
  /** Whether the file contains a private key instead of having a secret name. */
  readonly key: boolean;
}

const canary = 'c4n4ry';

/** The greatest share of the names of files below `node_modules` that may look like secrets. */
const mostRefused = 0.005;

const privateKey = `# notes\n-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1rZXk'.repeat(8)}\n`;

class Secrets implements Session<Input> {
  readonly #extension: Extension;
  readonly #ways: Ways;
  readonly #refused: number;
  #last: Promise<void> = Promise.resolve();
  #asked = 0;
  #learned = 0;

  constructor(extension: Extension, ways: Ways, refused: number) {
    this.#extension = extension;
    this.#ways = ways;
    this.#refused = refused;
  }

  /**
   * Checks one input after the other: they share a window, and fast-check may stop waiting for a check before
   * its end.
   */
  check(input: Input): Promise<void> {
    this.#last = this.#last.catch(() => {}).then(() => this.#try(input));
    return this.#last;
  }

  async #try({ file, name, version, route, key }: Input): Promise<void> {
    const text = `${key ? privateKey : ''}${canary} and more\n`.repeat(3);
    const found = this.#place(key ? 'notes.txt' : cases[name](file) + version, text, route);
    for (const [way, learned] of await this.#ways.learn(found)) {
      this.#asked++;
      // A text that is used as a prompt is not learned.
      if (key && way === 'text generated after it') continue;
      if (!learned.includes(canary)) continue;
      this.#learned++;
      throw new Error(`${JSON.stringify(basename(found.path))}, ${route}, is learned by way of '${way}'.`);
    }
  }

  /**
   * Checks that an ordinary file is learned by every way.
   * @throws Error where it is not, since the target could not find a leak then
   */
  async checkOrdinary(): Promise<void> {
    for (const route of ['itself', 'a link'] as const)
      for (const [way, learned] of await this.#ways.learn(
        this.#place('notes.txt', `${canary} text\n`.repeat(3), route),
      ))
        if (!learned.includes(canary)) throw new Error(`An ordinary file is not learned by way of '${way}'.`);
  }

  /** Writes the file, and the folders and links that lead to it. */
  #place(name: string, text: string, route: Input['route']): Found {
    const { workspace } = this.#extension;
    for (const old of ['folder', 'hidden']) rmSync(join(workspace, old), { recursive: true, force: true });
    const linked = route !== 'itself' && route !== 'below a folder';
    const real = join(
      workspace,
      linked ? 'hidden' : 'folder',
      route === 'below a folder' ? 'deep/er' : '',
      name,
    );
    mkdirSync(dirname(real), { recursive: true });
    writeFileSync(real, text);
    const folder = join(workspace, 'folder');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'notes.txt');
    switch (route) {
      case 'itself':
      case 'below a folder':
        return { path: real, text, folder };
      case 'a link':
        symlinkSync(real, path);
        return { path, text, folder };
      case 'a link to a link':
        symlinkSync(real, join(workspace, 'hidden/middle'));
        symlinkSync('../hidden/middle', path);
        return { path, text, folder };
      case 'a linked folder':
        symlinkSync(dirname(real), join(folder, 'linked'));
        return { path: join(folder, 'linked', basename(real)), text, folder };
    }
  }

  figures() {
    return {
      'texts offered': this.#asked,
      'canaries learned': this.#learned,
      'ordinary names refused, %': 100 * this.#refused,
    };
  }

  async close(): Promise<void> {
    this.#extension.dispose();
  }
}

/**
 * Returns the share of ordinary names that look like secrets.
 * @throws Error where it is too large
 */
function refusedShare(): number {
  const refused = (name: string) => isSecretName(`/home/user/project/${name}`, secretGlobs);
  const wrongly = ordinaryFiles.filter(refused);
  if (wrongly.length > 0) throw new Error(`Ordinary files are refused: ${wrongly.join(', ')}.`);
  const names = [...new Set(globSync('node_modules/**/*', { cwd: root }).map((path) => basename(path)))];
  const share = names.filter(refused).length / names.length;
  if (share > mostRefused)
    throw new Error(`Of ${names.length} ordinary names, ${(100 * share).toFixed(2)} % look like secrets.`);
  return share;
}

const inputs: fc.Arbitrary<Input> = fc.record({
  file: fc.constantFrom(...secretFiles),
  name: fc.nat(cases.length - 1),
  version: fc.constantFrom(...versions),
  route: fc.constantFrom(...routes),
  key: fc.nat(50).map((n) => n === 50),
});

export const secrets = target<Input>({
  name: 'secrets',
  claim: 'Nothing is learned from a file with secrets, whatever it is called and whoever offers it',
  weight: 1,
  inputs,
  async open() {
    const extension = await Extension.start();
    const session = new Secrets(extension, await Ways.open(extension), refusedShare());
    await session.checkOrdinary();
    return session;
  },
});
