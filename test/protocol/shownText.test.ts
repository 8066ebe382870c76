// All that can be seen of a name reaches a screen, and nothing that VS Code, a terminal or Markdown obeys.
import fc from 'fast-check';
import { Marked } from 'marked';
import { expect, test } from 'vitest';
import { longestShown, shown, shownAsMarkdown, visible } from '../../src/protocol/shownText.ts';
import { iconsIn, linksIn } from '../host/vscode/rendering.ts';

test.each([
  ['server.log', 'server.log'],
  ['[hit](command:x).log', '[hit]\u2060(command:x).log'],
  ['$(trash) notes.md', '$\u2060(trash) notes.md'],
  ['two\nlines\ttab', 'two␊lines␉tab'],
  ['\u001b[31mred', '␛[31mred'],
  ['gpj.\u202etxt', 'gpj.\ufffdtxt'],
  ['a\u200bb\ufeffc\ud800d', 'a\ufffdb\ufffdc\ufffdd'],
  ['می\u200cخواهم 👩\u200d💻', 'می\u200cخواهم 👩\u200d💻'],
])('%j', (text, expected) => expect(shown(text)).toBe(expected));

test('the middle of what is too long is left out', () => {
  const text = shown(`a${'x'.repeat(5000)}b`);
  expect(text.length).toBe(longestShown + 1);
  expect(text).toMatch(/^ax+…x+b$/);
});

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '[',
        ']',
        '(',
        ')',
        '](',
        '$(',
        'zap',
        'command:a.b',
        'http://a.b',
        'www.a.b',
        '\\',
        '`',
      ),
      fc.constantFrom(
        '<b>',
        '&amp;',
        '<!--',
        '\n',
        '\r',
        '1. ',
        '- ',
        '# ',
        '|',
        '*',
        '_',
        '~~',
        '@a.b',
        '\u202e',
      ),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

test('no text is a link or an icon to VS Code, and none moves a cursor', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect([linksIn(shown(text)), iconsIn(shown(text))]).toEqual([[], []]);
      expect(visible(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    }),
    { numRuns: 2000 },
  );
});

test('Markdown reads any text as that text', () => {
  const marked = new Marked();
  const reference = (html: string) =>
    html
      .replace(/^<p>|<\/p>\n?$/g, '')
      .replaceAll('&nbsp;', ' ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
  fc.assert(
    fc.property(hostile, (text) => {
      const html = marked.parse(`x ${shownAsMarkdown(text)} x`, { async: false });
      expect(reference(html)).toBe(`x ${visible(text)} x`);
    }),
    { numRuns: 2000 },
  );
});
