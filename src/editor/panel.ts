// The training panel's host end: one webview, which gets the history when it says `ready` and then what is new.
import { randomBytes } from 'node:crypto';
import { commands, env, l10n, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { commands as names, panelViewType } from '../contributions.ts';
import type { EarlierRun, HostToPanel, PanelToHost } from '../protocol/panel.ts';
import { appendPoints, emptyPoints } from '../protocol/run.ts';
import type { Runs, RunUpdate } from './runs.ts';
import { saveAs } from './saveAs.ts';

/** Milliseconds between two updates of the panel. */
const interval = 100;

export class Panel {
  readonly #root: Uri;
  readonly #runs: Runs;
  readonly #listener;
  #panel: WebviewPanel | null = null;
  /** The webview is there and has its snapshot. */
  #ready = false;
  #pending = emptyPoints();
  /** By the folders of their models. */
  readonly #earlier = new Map<string, EarlierRun>();
  #timer: NodeJS.Timeout | null = null;

  constructor(extensionRoot: Uri, runs: Runs) {
    this.#root = Uri.joinPath(extensionRoot, 'out', 'media');
    this.#runs = runs;
    this.#listener = runs.onDidUpdate((update) => this.#collect(update));
  }

  /** Beside the text, without taking the focus. */
  show(): void {
    if (this.#panel) {
      this.#panel.reveal(undefined, true);
      return;
    }
    this.adopt(
      window.createWebviewPanel(
        panelViewType,
        l10n.t('Unroll Training'),
        { viewColumn: ViewColumn.Beside, preserveFocus: true },
        { enableScripts: true, localResourceRoots: [this.#root] },
      ),
    );
  }

  /** Lays an earlier run under the one that is shown, or takes it away again. */
  toggleEarlier(directory: string, run: EarlierRun): void {
    if (!this.#earlier.delete(directory)) this.#earlier.set(directory, run);
    this.show();
    if (this.#ready) this.#sendEarlier();
  }

  /** Takes a webview that VS Code has kept over a window reload. */
  adopt(panel: WebviewPanel): void {
    this.#panel = panel;
    this.#ready = false;
    panel.iconPath = {
      light: Uri.joinPath(this.#root, 'unroll-light.svg'),
      dark: Uri.joinPath(this.#root, 'unroll-dark.svg'),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#root] };
    panel.webview.onDidReceiveMessage((message: PanelToHost) => this.#hear(message));
    panel.onDidChangeViewState(() => {
      // A hidden webview is thrown away; when it comes back it says `ready` again.
      if (!panel.visible) this.#ready = false;
    });
    panel.onDidDispose(() => {
      this.#panel = null;
      this.#ready = false;
    });
    panel.webview.html = this.#html(panel);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#panel?.dispose();
    if (this.#timer) clearTimeout(this.#timer);
  }

  #hear(message: PanelToHost): void {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#sendEarlier();
        this.#sendSnapshot();
        return;
      case 'control':
        this.#runs.send(message.command);
        return;
      case 'save':
        void saveAs(message.name, Buffer.from(message.content, message.kind === 'png' ? 'base64' : 'utf8'));
        return;
      case 'train':
        void commands.executeCommand(names.train);
        return;
    }
  }

  #collect({ points, restarted }: RunUpdate): void {
    if (!this.#ready) return;
    if (restarted) {
      this.#sendSnapshot();
      return;
    }
    appendPoints(this.#pending, points);
    this.#timer ??= setTimeout(() => this.#flush(), interval);
  }

  #flush(): void {
    this.#timer = null;
    const { snapshot } = this.#runs;
    if (!this.#ready || !snapshot) return;
    this.#post({
      type: 'update',
      live: this.#runs.live,
      status: snapshot.status,
      progress: snapshot.progress,
      points: this.#pending,
    });
    this.#pending = emptyPoints();
  }

  #sendEarlier(): void {
    this.#post({ type: 'earlier', runs: [...this.#earlier.values()] });
  }

  #sendSnapshot(): void {
    this.#pending = emptyPoints();
    this.#post({ type: 'snapshot', run: this.#runs.snapshot, live: this.#runs.live });
  }

  #post(message: HostToPanel): void {
    void this.#panel?.webview.postMessage(message);
  }

  #html({ webview }: WebviewPanel): string {
    const nonce = randomBytes(16).toString('base64');
    const script = webview.asWebviewUri(Uri.joinPath(this.#root, 'panel.js'));
    const style = webview.asWebviewUri(Uri.joinPath(this.#root, 'panel.css'));
    const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource};`;
    return `<!DOCTYPE html>
<html lang="${env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>${attribute(l10n.t('Unroll Training'))}</title>
</head>
<body>
<main id="panel" data-l10n="${attribute(JSON.stringify(l10n.bundle ?? {}))}"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
  }
}

/** As the value of an attribute, or as text. */
function attribute(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
