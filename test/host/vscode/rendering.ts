// Interprets texts as VS Code does, as far as it matters here: links in messages and prompts
// (src/vs/base/common/linkedText.ts), icons in labels (src/vs/base/browser/ui/iconLabel/iconLabels.ts), and
// Markdown.
import { Marked, type Token, type Tokens } from 'marked';

/** Returns the targets of the links of a message, a prompt or a language status item. */
export function linksIn(text: string): string[] {
  // A message becomes one line before it is read.
  const line = text.replace(/\r\n|\n|\r/g, ' ');
  const links = line.matchAll(/\[[^\]]+\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["']).+?\2)?\)/gi);
  return [...links].map(([, target]) => target);
}

/** Returns the names of the icons of a label. */
export function iconsIn(label: string): string[] {
  const icons = label.matchAll(/(\\)?\$\(([A-Za-z0-9-]+(?:~[A-Za-z]+)?)\)/g);
  return [...icons].flatMap(([, escaped, name]) => (escaped ? [] : [name]));
}

export interface RenderedMarkdown {
  /** The targets of links and images. */
  readonly targets: string[];
  /** The HTML tags and comments. */
  readonly html: string[];
  /** The text that a reader sees. */
  readonly text: string;
}

/** Renders Markdown as VS Code's hovers do, with the same parser. */
export function renderMarkdown(source: string): RenderedMarkdown {
  const marked = new Marked({ gfm: true });
  const found = { targets: [] as string[], html: [] as string[], text: '' };
  const read = (token: Token) => {
    if (token.type === 'link' || token.type === 'image')
      found.targets.push((token as Tokens.Link | Tokens.Image).href);
    if (token.type === 'html') found.html.push(token.raw);
    if ('tokens' in token && token.tokens) return;
    if (
      token.type === 'text' ||
      token.type === 'escape' ||
      token.type === 'code' ||
      token.type === 'codespan'
    )
      found.text += (token as Tokens.Text).text;
  };
  marked.walkTokens(marked.lexer(source), read);
  found.text = found.text.replaceAll('&nbsp;', ' ').replaceAll('\u00a0', ' ');
  return found;
}
