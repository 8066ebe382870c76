// Builds hovers and tooltips. Values in a template are escaped; only the template itself is Markdown.
import { MarkdownString } from 'vscode';
import { shownAsMarkdown } from '../../protocol/shownText.ts';

/** A text that is Markdown already, and safe. */
export class Markdown {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  /** @param enabledCommands the commands that its links may run; links to others do nothing */
  string({ enabledCommands = [] as readonly string[], html = false } = {}): MarkdownString {
    const made = new MarkdownString(this.source);
    if (enabledCommands.length > 0) made.isTrusted = { enabledCommands };
    made.supportHtml = html;
    return made;
  }
}

/** Builds Markdown from a template. Values are escaped, except those that are Markdown already. */
export function markdown(
  template: TemplateStringsArray,
  ...values: readonly (string | Markdown)[]
): Markdown {
  const parts = values.map((value) => (value instanceof Markdown ? value.source : shownAsMarkdown(value)));
  return new Markdown(template.map((text, index) => text + (parts[index] ?? '')).join(''));
}

export function join(parts: readonly Markdown[], separator = ''): Markdown {
  return new Markdown(parts.map(({ source }) => source).join(separator));
}

/** Puts the code in a fence that nothing inside it can close (CommonMark 4.5). */
export function codeBlock(code: string, language: string): Markdown {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return new Markdown(`\n${fence}${language}\n${code}\n${fence}\n`);
}
