// Shows the built panel in a page of its own, without VS Code around it, for measurements and for close
// inspection.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { CellPictureToHost, HostToCellPicture } from '../../src/protocol/cellPicture.ts';
import { languageModelMeasures } from '../../src/protocol/metric.ts';
import type { HostToPanel, PanelToHost } from '../../src/protocol/panel.ts';
import type { ProbedPassage, RunPointsBuffer, RunSnapshot } from '../../src/protocol/run.ts';
import { random } from '../../src/tape/random.ts';
import { launchChromium } from './chromium.ts';
import { root } from './tools.ts';

export type PanelTheme = 'dark' | 'light' | 'contrast' | 'contrastLight';

const classNames: Record<PanelTheme, string> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  contrast: 'vscode-high-contrast',
  contrastLight: 'vscode-high-contrast vscode-high-contrast-light',
};

/** The values of VS Code's themes that a page needs. */
const themes: Record<PanelTheme, Record<string, string>> = {
  dark: {
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    'font-family': 'sans-serif',
    'font-size': '13px',
    'editor-background': '#1f1f1f',
    'charts-blue': '#2a91ff',
    'charts-yellow': '#cca700',
    'charts-green': '#89d185',
    'charts-red': '#f14c4c',
    'charts-orange': '#d18616',
    'charts-purple': '#b180d7',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
    'input-background': '#313131',
    'input-foreground': '#cccccc',
    'editor-font-family': 'monospace',
    'unroll-surprise1': '#d9a40026',
    'unroll-surprise2': '#e07b0040',
    'unroll-surprise3': '#e0480059',
    'unroll-surprise4': '#f0203073',
  },
  light: {
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    'font-family': 'sans-serif',
    'font-size': '13px',
    'editor-background': '#ffffff',
    'charts-blue': '#0063d3',
    'charts-yellow': '#a07400',
    'charts-green': '#388a34',
    'charts-red': '#e51400',
    'charts-orange': '#d18616',
    'charts-purple': '#652d90',
    'button-background': '#005fb8',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    'input-background': '#ffffff',
    'input-foreground': '#3b3b3b',
    'editor-font-family': 'monospace',
    'unroll-surprise1': '#f2c20038',
    'unroll-surprise2': '#f5962e66',
    'unroll-surprise3': '#f26a3a80',
    'unroll-surprise4': '#e8304a99',
  },
  contrast: {
    foreground: '#ffffff',
    descriptionForeground: '#ffffffb3',
    contrastBorder: '#6fc3df',
    'font-family': 'sans-serif',
    'font-size': '13px',
    'editor-background': '#000000',
    'charts-blue': '#59a4f9',
    'charts-yellow': '#ffd370',
    'charts-green': '#89d185',
    'charts-red': '#f48771',
    'charts-orange': '#d18616',
    'charts-purple': '#b180d7',
    'button-background': '#000000',
    'button-foreground': '#ffffff',
    'button-border': '#6fc3df',
    'button-secondaryBackground': '#000000',
    'button-secondaryForeground': '#ffffff',
    'input-background': '#000000',
    'input-foreground': '#ffffff',
    'editor-font-family': 'monospace',
    'unroll-levelLine': '#ffffff',
  },
  contrastLight: {
    foreground: '#292929',
    descriptionForeground: '#292929b3',
    contrastBorder: '#0f4a85',
    'font-family': 'sans-serif',
    'font-size': '13px',
    'editor-background': '#ffffff',
    'charts-blue': '#0063d3',
    'charts-yellow': '#895503',
    'charts-green': '#374e06',
    'charts-red': '#b5200d',
    'charts-orange': '#d18616',
    'charts-purple': '#652d90',
    'button-background': '#0f4a85',
    'button-foreground': '#ffffff',
    'button-border': '#0f4a85',
    'button-secondaryBackground': '#ffffff',
    'button-secondaryForeground': '#292929',
    'input-background': '#ffffff',
    'input-foreground': '#292929',
    'editor-font-family': 'monospace',
    'unroll-levelLine': '#292929',
  },
};

export class PanelPage implements AsyncDisposable {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** @param script the name of the page's script and styles */
  static async open(
    viewport = { width: 900, height: 1000 },
    theme: PanelTheme = 'dark',
    script = 'panel',
  ): Promise<PanelPage> {
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport });
    const built = (name: string) => readFileSync(join(root, 'out/media', name), 'utf8');
    const variables = Object.entries(themes[theme]).map(([name, value]) => `--vscode-${name}:${value};`);
    await page.setContent(
      `<!doctype html><html lang="en"><title>Training</title><style>body{${variables.join('')}background:var(--vscode-editor-background)}${built(`${script}.css`)}</style><body class="${classNames[theme]}"><main id="panel"></main></body></html>`,
    );
    await page.evaluate(
      'window.posted = []; window.acquireVsCodeApi = () => ({ postMessage: (message) => window.posted.push(message) });',
    );
    await page.addScriptTag({ content: built(`${script}.js`) });
    return new PanelPage(page);
  }

  /** Returns the messages that the page has sent to its host. */
  async posted<Message extends PanelToHost | CellPictureToHost = PanelToHost>(): Promise<Message[]> {
    return this.page.evaluate('window.posted');
  }

  /**
   * Sends a message to the panel.
   * @returns milliseconds until all that follows from the message is drawn
   */
  async send(message: HostToPanel | HostToCellPicture): Promise<number> {
    // The driver of the browser takes seconds for many numbers, and no time for a text. JSON has no infinite numbers.
    const text = JSON.stringify(message, (_, value) =>
      typeof value === 'number' && !Number.isFinite(value) ? `\0${value}` : value,
    );
    return this.page.evaluate((text) => {
      const data = JSON.parse(text, (_, value) =>
        typeof value === 'string' && value.startsWith('\0') ? Number(value.slice(1)) : value,
      );
      const began = performance.now();
      (globalThis as unknown as EventTarget).dispatchEvent(new MessageEvent('message', { data }));
      return performance.now() - began;
    }, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().browser()?.close();
  }
}

const written =
  'Jan 10 06:10 INFO accepted password for admin from 10.0.0.7\nJan 10 06:11 WARN connection closed by 10.0.0.33 port 4071\nJan 10 06:12 INFO session opened for user admin by (uid=3)\n';

/** Makes up what a network did on a passage: some of its units hold, others change with every token. */
function passage(next: () => number): ProbedPassage {
  const read = 40;
  const tokens = [...written.slice(0, 80)];
  const units = Array.from({ length: 24 }, (_, unit) => unit * 5);
  const values = units.map((_, row) =>
    tokens.map((_, at) => Math.sin((at * (row + 1)) / 30 + row) * (row < 6 ? Math.sign(40 - at) : 1)),
  );
  const line = (from: number, by: number) => Array.from({ length: 32 }, (_, k) => from + by * (1 - 0.9 ** k));
  return {
    tokens,
    read,
    written: [...written.slice(40)],
    surprise: Array.from(written.slice(40), () => 9 * next() ** 3),
    vectors: {
      'layers.0.f': { width: 128, units, values: values.map((row) => row.map((value) => Math.abs(value))) },
      'layers.0.c': { width: 128, units, values },
      'layers.0.h': { width: 128, units, values: values.map((row) => row.map(Math.tanh)) },
    },
    activation: {
      'layers.0.h': tokens.slice(0, read).map((_, at) => 0.3 + 0.2 * Math.sin(at)),
      'layers.0.c': tokens.slice(0, read).map((_, at) => 0.6 + 0.3 * Math.cos(at / 2)),
    },
    path: {
      state: 'layers.0.h',
      points: tokens.map((_, at) => [Math.sin(at / 3) * (1 + at / 40), Math.cos(at / 4)]),
      explained: [0.4, 0.2],
      fixedPoints: [{ token: 'e', point: [0.4, -0.6] }],
    },
    freeRunning: { forced: line(1.8, -0.3), free: line(1.8, 3) },
  };
}

/** Makes up a plausible run of so many steps. */
export function longRun(steps: number): RunSnapshot & { points: RunPointsBuffer } {
  const next = random(1);
  const noise = () => next() + next() + next() - 1.5;
  const loss = (step: number) => 1.5 + 4.5 * Math.exp(-step / (steps / 8)) + 0.15 * noise();
  const norm = (step: number) => Math.exp(0.6 * noise()) * (1 + 6 * Math.exp(-step / (steps / 20)));
  const all = Array.from({ length: steps }, (_, i) => i + 1);
  return {
    title: 'server.log',
    date: '2026-01-01T12:00:00.000Z',
    status: { kind: 'running' },
    start: {
      layers: 'LSTM 128, LSTM 128',
      engine: 'unroll',
      fallback: null,
      remarks: [],
      parameters: 250_000,
      vocabulary: 96,
      characters: 1_000_000,
      task: 'language model',
      ...languageModelMeasures,
      baselines: [
        { name: 'unigram', value: 4.6 },
        { name: 'uniform', value: Math.log2(96) },
      ],
      seconds: 600,
      epochs: null,
      window: { k1: 25, k2: 50 },
      equations: {
        'layers.0.f': 'f[t] = σ(W_f x[t] + U_f h[t-1] + b_f)',
        'layers.0.c': 'c[t] = f[t] * c[t-1] + i[t] * g[t]',
        'layers.0.h': 'h[t] = o[t] * tanh(c[t])',
      },
    },
    progress: {
      step: steps,
      seconds: 300,
      tokensPerSecond: 60_000,
      epoch: 12.3,
      fraction: 0.5,
      secondsLeft: 300,
      learningRate: 0.003,
      threshold: 5,
    },
    points: {
      steps: all.map((step) => ({
        step,
        seconds: step / 30,
        loss: loss(step),
        gradientNorm: norm(step),
        clip: 5,
      })),
      validations: all
        .filter((step) => step % Math.ceil(steps / 200) === 0)
        .map((step) => ({
          step,
          seconds: step / 30,
          loss: loss(step) + 0.2 + (0.6 * Math.max(0, step - 0.6 * steps)) / steps,
        })),
      probes: all
        .filter((step) => step % Math.ceil(steps / 150) === 0)
        .map((step) => {
          const factor = 0.8 + (0.35 * step) / steps;
          const line = (f: number) =>
            Array.from({ length: 51 }, (_, lag) => 0.3 * f ** lag * Math.exp(0.2 * noise()));
          return {
            step,
            seconds: step / 30,
            ...(step + Math.ceil(steps / 150) > steps ? { passage: passage(next) } : {}),
            gradientByLag: { 'layers.0.h': line(factor), 'layers.0.c': line(0.5 + factor / 2) },
            saturation: { 'layers.0.f': 0.31, 'layers.0.g': 0.04 },
            spectralRadius: { 'layers.0.U_f': 1.02, 'layers.0.U_g': factor },
            lyapunov: [Math.log(factor), Math.log(factor) - 0.1],
          };
        }),
      samples: [
        {
          step: 1000,
          temperature: 0.8,
          text: written,
          surprise: Array.from(written, (character) => (/\d/.test(character) ? 6 * next() : next())),
        },
      ],
      notes: [{ step: Math.round(steps / 2), text: 'Learning rate 0.006 → 0.003.' }],
    },
  };
}

/** Makes up a plausible run of a classifier, which is judged by its accuracy. */
export function classifierRun(steps: number): RunSnapshot & { points: RunPointsBuffer } {
  const run = longRun(steps);
  const { validations } = run.points;
  return {
    ...run,
    title: 'tickets.tsv',
    start: {
      ...run.start!,
      task: 'acceptor',
      layers: 'GRU 64',
      lossUnit: 'nats',
      metric: { name: 'accuracy', unit: '', lowerIsBetter: false },
      baselines: [{ name: 'commonest class', value: 0.41 }],
    },
    points: {
      ...run.points,
      // The made-up losses of a language model lie between 1.5 and 6.
      steps: run.points.steps.map((point) => ({ ...point, loss: point.loss / 4 })),
      validations: validations.map(({ step, seconds, loss }) => {
        const metric = 0.98 * Math.exp(-(loss - 1.5) / 5);
        return { step, seconds, loss: loss / 4, metric, furtherMetrics: { 'macro F1': 0.9 * metric } };
      }),
      samples: [],
      notes: [],
    },
  };
}
