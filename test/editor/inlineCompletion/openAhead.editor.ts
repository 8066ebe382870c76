// The model of the text in front is opened before anything is typed.
import { deepStrictEqual } from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ConfigurationTarget, EventEmitter, type TextDocument, workspace } from 'vscode';
import { openAhead } from '../../../src/editor/inlineCompletion/openAhead.ts';

describe('the model of the text in front', () => {
  const finished = { directory: 'model', manifest: { weights: 'weights-1.safetensors', finished: true } };
  let model: typeof finished | undefined;
  let document: TextDocument | undefined;
  let suggestions: { paused: boolean };
  let changes: EventEmitter<void>;
  let opened: string[];
  let heard: () => void;
  let disposable: { dispose(): void };

  beforeEach(async () => {
    [model, opened, suggestions] = [finished, [], { paused: false }];
    heard = () => {};
    changes = new EventEmitter();
    document = undefined;
    disposable = openAhead({
      models: { for: () => model as never },
      front: {
        get document() {
          return document;
        },
        onDidChange: changes.event,
      },
      predictor: {
        open: ({ model, revision }) => {
          opened.push(`${model} ${revision}`);
          heard();
        },
      },
      suggestions,
    });
    document = await workspace.openTextDocument({ content: 'line' });
  });
  afterEach(() => {
    disposable.dispose();
    changes.dispose();
  });

  /** Resolves when a model is opened after a change. */
  async function openedAfterChange(): Promise<void> {
    const opening = new Promise<void>((resolve) => {
      heard = resolve;
    });
    changes.fire();
    await opening;
  }

  it('is opened once in each revision', async () => {
    await openedAfterChange();
    changes.fire();
    model = { ...finished, manifest: { ...finished.manifest, weights: 'weights-2.safetensors' } };
    await openedAfterChange();
    deepStrictEqual(opened, ['model weights-1.safetensors', 'model weights-2.safetensors']);
  });

  it('is not opened while its run goes on, where suggestions are paused or off, or where there is none', async () => {
    model = { ...finished, manifest: { ...finished.manifest, finished: false } };
    changes.fire();
    model = undefined;
    changes.fire();
    [model, suggestions.paused] = [finished, true];
    changes.fire();
    suggestions.paused = false;
    const configuration = workspace.getConfiguration('unroll.completion');
    await configuration.update('enabled', false, ConfigurationTarget.Global);
    changes.fire();
    await configuration.update('enabled', undefined, ConfigurationTarget.Global);
    model = { ...finished, directory: 'last' };
    await openedAfterChange();
    deepStrictEqual(opened, ['last weights-1.safetensors']);
  });
});
