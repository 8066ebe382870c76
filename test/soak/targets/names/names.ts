// Generates file names and texts that may be taken for markup: links, icons, HTML, characters that hide
// others.
import fc from 'fast-check';

/** Generates pieces that parsers look for and that a name may have, which excludes `/` and NUL. */
const piece = fc.oneof(
  fc.constantFrom(
    '[hit](command:workbench.action.newGroupLeft)',
    '[a](command:x "t")',
    '[a](http:b)',
    '[a](file:b)',
    '![a](b)',
    '[',
    ']',
    '(',
    ')',
    '](',
    '](command:a.b',
    '<command:a.b>',
    '$(zap)',
    '$(loading~spin)',
    '\\$(zap)',
    '$(',
  ),
  fc.constantFrom(
    '<b>',
    '<img src=x onerror=a>',
    '<!--',
    '-->',
    '&lt;',
    '&#91;',
    '"',
    "'",
    '`',
    '```',
    '~~',
    '**',
  ),
  fc.constantFrom('\n', '\r', '\t', '\u001b[31m', '\u0007', '\u007f', '\u0085', '\u2028', '\u202e', '\u2066'),
  fc.constantFrom(
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u2060',
    '\ud800',
    '\u00a0',
    '🏴‍☠️',
    'שלום',
    '한글',
    'e\u0301',
  ),
  fc.constantFrom(
    'www.a.b',
    'a@b.c',
    '1. ',
    '- ',
    '# ',
    '> ',
    '|',
    '_',
    '=',
    '{0}',
    '{1}',
    '%s',
    '..',
    ' ',
    '  ',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }).map((text) => text.replace(/[/\0]/g, '')),
  fc.constant('x'.repeat(300)),
);

/** Generates a name or a text with at least one visible character. */
export const hostile: fc.Arbitrary<string> = fc
  .array(piece, { minLength: 1, maxLength: 8 })
  .map((pieces) => pieces.join(''))
  .filter((text) => text.trim() !== '' && !/^\.+$/.test(text));
