// The extension host's side of the training panel: one webview, which gets the history when it says `ready`,
// and then the updates.
import { basename } from 'node:path';
import {
  commands,
  Disposable,
  type ExtensionContext,
  env,
  l10n,
  type Memento,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
} from 'vscode';
import { internalCommands, commands as names, panelViewType } from '../../contributions.ts';
import type { HostToPanel, PanelToHost } from '../../protocol/panel.ts';
import { parsePanelMessage } from '../../protocol/panelMessage.ts';
import type { StartWorker } from '../../protocol/port.ts';
import { appendPoints, emptyPoints } from '../../protocol/run.ts';
import type { FrontModel } from '../models/frontModel.ts';
import type { Runs, RunUpdate } from '../runs/runs.ts';
import { say } from '../ui/messages.ts';
import type { Overlay } from './overlay.ts';
import { pageOf } from './page.ts';

/** The milliseconds between two updates of the panel. */
const interval = 100;

/** The key that stores the temperature of the samples, for all windows. */
const temperatureKey = 'temperature';

/** The key that stores which sections are folded, for all windows. */
const foldedKey = 'folded';

export class Panel {
  readonly #root: Uri;
  readonly #sampler: StartWorker;
  readonly #runs: Runs;
  readonly #overlay: Overlay;
  readonly #front: FrontModel;
  readonly #memento: Memento;
  readonly #listeners;
  #panel: WebviewPanel | null = null;
  /** Whether the webview exists and has its snapshot. */
  #ready = false;
  #pending = emptyPoints();
  #timer: NodeJS.Timeout | null = null;

  /** @param sampler starts the sampler */
  constructor(
    { extensionUri, globalState }: ExtensionContext,
    runs: Runs,
    overlay: Overlay,
    front: FrontModel,
    sampler: StartWorker,
  ) {
    this.#root = Uri.joinPath(extensionUri, 'out', 'media');
    this.#sampler = sampler;
    this.#runs = runs;
    this.#overlay = overlay;
    this.#front = front;
    this.#memento = globalState;
    runs.temperature = globalState.get(temperatureKey, runs.temperature);
    this.#listeners = Disposable.from(
      runs.onDidUpdate((update) => this.#collect(update)),
      runs.onDidDiscard(() => {
        if (this.#ready) this.#sendSnapshot();
      }),
      overlay.onDidChange(() => {
        if (this.#ready) this.#sendEarlier();
      }),
      front.onDidChange(() => {
        if (this.#ready) this.#sendFront();
      }),
    );
  }

  /** Shows the panel beside the text, without taking the focus. */
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

  /** Removes the runs that are drawn under the one that is shown. */
  clear(): void {
    this.#overlay.clear();
  }

  /** Takes over a webview that VS Code has restored after a window reload. */
  adopt(panel: WebviewPanel): void {
    const other = this.#panel;
    this.#panel = panel;
    this.#ready = false;
    // VS Code restores a panel when its tab is shown for the first time, and another may have been opened until then.
    other?.dispose();
    panel.iconPath = {
      light: Uri.joinPath(this.#root, 'unroll-light.svg'),
      dark: Uri.joinPath(this.#root, 'unroll-dark.svg'),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#root] };
    panel.webview.onDidReceiveMessage((said: unknown) => {
      const message = parsePanelMessage(said);
      if (message) this.#hear(message);
    });
    panel.onDidChangeViewState(() => {
      // VS Code destroys a hidden webview; when it is shown again it says `ready` again.
      if (!panel.visible) this.#ready = false;
    });
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = null;
      this.#ready = false;
    });
    panel.webview.html = pageOf(panel.webview, this.#root, {
      script: 'panel',
      title: l10n.t('Unroll Training'),
    });
  }

  dispose(): void {
    this.#listeners.dispose();
    this.#panel?.dispose();
    if (this.#timer) clearTimeout(this.#timer);
  }

  #hear(message: PanelToHost): void {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#post({ type: 'folded', sections: this.#memento.get(foldedKey, []) });
        this.#sendFront();
        this.#sendEarlier();
        this.#sendSnapshot();
        return;
      case 'control':
        // The command also continues a run of an earlier window from its checkpoint.
        if (message.command.type === 'extend') void commands.executeCommand(names.extend);
        else this.#runs.send(message.command);
        return;
      case 'temperature':
        this.#runs.temperature = message.value;
        void this.#memento.update(temperatureKey, message.value);
        return;
      case 'sample':
        void this.#sample();
        return;
      case 'fold':
        void this.#memento.update(foldedKey, message.sections);
        return;
      case 'clear':
        this.clear();
        return;
      case 'copy':
        void env.clipboard.writeText(message.text);
        return;
      case 'rows':
        void commands.executeCommand(internalCommands.showRows, this.#runs.directory, message.lines);
        return;
      case 'save':
        void save(message);
        return;
      case 'train':
        void commands.executeCommand(names.train);
        return;
    }
  }

  /** Samples from the model on disk, which still exists when its training is over. */
  async #sample(): Promise<void> {
    const { directory, temperature } = this.#runs;
    if (directory === null) return;
    try {
      const { writeSample } = await import('../workers/oneRequest.ts');
      const seed = Math.floor(Math.random() * 2 ** 31);
      const sample = await writeSample(this.#sampler, { model: directory, temperature, seed });
      if (directory === this.#runs.directory) this.#runs.add(sample);
    } catch (error) {
      void say.error((error as Error).message);
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
    this.#post({ type: 'earlier', runs: this.#overlay.runs });
  }

  #sendFront(): void {
    this.#post({ type: 'front', front: this.#front.front });
  }

  #sendSnapshot(): void {
    this.#pending = emptyPoints();
    const { directory, snapshot: run, live, temperature } = this.#runs;
    this.#post({ type: 'snapshot', id: directory && basename(directory), run, live, temperature });
  }

  #post(message: HostToPanel): void {
    void this.#panel?.webview.postMessage(message);
  }
}

async function save({ name, kind, content }: Extract<PanelToHost, { type: 'save' }>): Promise<void> {
  const { saveAs } = await import('../text/saveAs.ts');
  await saveAs(name, Buffer.from(content, kind === 'png' ? 'base64' : 'utf8'));
}
