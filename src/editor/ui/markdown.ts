// Hovers and tooltips. What is put into the template is text and stays text; only the template itself is Markdown.
import { MarkdownString } from 'vscode';
import { shownAsMarkdown } from '../../protocol/shownText.ts';

/** What is Markdown already, and safe. */
export class Markdown {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  /** @param enabledCommands of its links; those of all others do nothing */
  string({ enabledCommands = [] as readonly string[], html = false } = {}): MarkdownString {
    const made = new MarkdownString(this.source);
    if (enabledCommands.length > 0) made.isTrusted = { enabledCommands };
    made.supportHtml = html;
    return made;
  }
}

/** Values are escaped, but for those that are Markdown. */
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

/** In a fence that nothing inside it can close (CommonMark 4.5). */
export function codeBlock(code: string, language: string): Markdown {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return new Markdown(`\n${fence}${language}\n${code}\n${fence}\n`);
}
