// The page of a webview: a script and its styles, and nothing else may run or load.
import { randomBytes } from 'node:crypto';
import { env, l10n, Uri, type Webview } from 'vscode';

interface Page {
  /** The name of the script and of the styles. */
  readonly script: string;
  readonly title: string;
}

export function pageOf(webview: Webview, root: Uri, { script: name, title }: Page): string {
  const nonce = randomBytes(16).toString('base64');
  const script = webview.asWebviewUri(Uri.joinPath(root, `${name}.js`));
  const style = webview.asWebviewUri(Uri.joinPath(root, `${name}.css`));
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource};`;
  return `<!DOCTYPE html>
<html lang="${env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>${attribute(title)}</title>
</head>
<body>
<main id="panel" data-l10n="${attribute(JSON.stringify(l10n.bundle ?? {}))}"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

/** Escapes a text for use in HTML, as an attribute's value or as text. */
function attribute(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
