// Shows names and texts of a user's in every part of the window that shows any.
import '../../../host/vscode/register.ts';
import fc from 'fast-check';
import { longestShown, visible } from '../../../../src/protocol/shownText.ts';
import { Extension, failing } from '../../../host/vscode/extension.ts';
import { iconsIn, linksIn, renderMarkdown } from '../../../host/vscode/rendering.ts';
import { type Session, target } from '../../target.ts';
import { hostile } from './names.ts';
import { Surfaces } from './surfaces.ts';

interface Input {
  /** The name of a file, a folder, a model and a pattern. */
  readonly name: string;
  /** The text of a file, a token and a line of a cell, and the message with which a run fails. */
  readonly text: string;
}

/** The extension's own links. */
const own = new Set([
  'command:unroll.toggleSuggestions',
  'command:workbench.action.openSettings?%22unroll.surprise%22',
]);

class Names implements Session<Input> {
  readonly #extension: Extension;
  readonly #surfaces: Surfaces;
  #last: Promise<void> = Promise.resolve();
  #texts = 0;
  #links = 0;
  readonly #places = new Set<string>();

  constructor(extension: Extension, surfaces: Surfaces) {
    this.#extension = extension;
    this.#surfaces = surfaces;
  }

  /**
   * Checks one input after the other: they share a window, and fast-check may stop waiting for a check before
   * its end.
   */
  check(input: Input): Promise<void> {
    this.#last = this.#last.catch(() => {}).then(() => this.#try(input));
    return this.#last;
  }

  async #try({ name, text }: Input): Promise<void> {
    const { shown, names } = await this.#surfaces.show(name, text, failing);
    for (const { place, reads, text } of shown) {
      this.#texts++;
      this.#places.add(place);
      const fail = (what: string) => {
        if (what.startsWith('links')) this.#links++;
        throw new Error(`In a ${place}, ${JSON.stringify(text)} ${what}.`);
      };
      if (reads.includes('links')) for (const link of linksIn(text)) fail(`links to ${link}`);
      if (reads.includes('icons')) for (const icon of iconsIn(text)) fail(`shows the icon ${icon}`);
      if (reads === 'markdown') {
        const { targets, html } = renderMarkdown(text);
        for (const link of targets) if (!own.has(link)) fail(`links to ${link}`);
        for (const tag of html)
          if (!/^(?:<span style="background-color:var\(--vscode-[\w-]+\);">|<\/span>)$/.test(tag))
            fail(`holds the HTML ${tag}`);
      }
      if (
        /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(
          reads === 'markdown' ? text.replaceAll('\n', '') : text,
        )
      )
        fail('holds a control character');
    }
    for (const { place, text } of names) {
      const readable = place.endsWith('hover') ? renderMarkdown(text).text : text.replaceAll('\u2060', '');
      // Renaming a model removes the white space around the name.
      const expected = visible(name.trim()).replaceAll('\u00a0', ' ');
      // A long name is shown without its middle, as is a text around it.
      if (name.length > longestShown / 2) continue;
      if (!readable.replaceAll('\u00a0', ' ').includes(expected.replaceAll('\u2060', '')))
        throw new Error(
          `In a ${place}, ${JSON.stringify(text)} does not show the name ${JSON.stringify(expected)}.`,
        );
    }
  }

  figures() {
    return { 'texts shown': this.#texts, places: this.#places.size, 'live links': this.#links };
  }

  async close(): Promise<void> {
    this.#extension.dispose();
  }
}

export const names = target<Input>({
  name: 'names',
  claim: 'No name and no text of the user’s becomes a link, an icon or markup anywhere in the window',
  weight: 1,
  // No URI holds half of a surrogate pair, but a text may.
  inputs: fc.record({ name: hostile.map((name) => name.toWellFormed()), text: hostile }),
  async open() {
    const extension = await Extension.start();
    return new Names(extension, await Surfaces.open(extension));
  },
});
