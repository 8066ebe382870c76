// The parts of the extension that the features of this folder need.
import type { ExtensionContext } from 'vscode';
import type { Suggestions } from '../inlineCompletion/suggestionState.ts';
import type { Models } from '../models/models.ts';
import type { Diary } from '../report/diary.ts';
import type { InspectorClient } from '../workers/inspectorClient.ts';

export interface TableParts {
  readonly context: ExtensionContext;
  readonly models: Models;
  readonly inspector: InspectorClient;
  readonly suggestions: Suggestions;
  readonly diary: Diary;
}
