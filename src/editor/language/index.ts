// Registers the editor's features for `.rnn` files.

import { Disposable } from 'vscode';
import { registerCompletion } from './completion.ts';
import { registerDiagnostics } from './diagnostics.ts';
import type { Documents } from './documents.ts';
import { registerFixes } from './fixes.ts';
import { registerFormatting } from './formatting.ts';
import { registerHover } from './hover.ts';
import { registerLenses, type TrainingText } from './lenses.ts';
import { registerNavigation } from './navigation.ts';
import { registerStatus } from './status.ts';

/**
 * Registers the language features. The modules that train, trace and compile register the lenses' commands.
 */
export function registerLanguage(documents: Documents, text: TrainingText): Disposable {
  return Disposable.from(
    registerDiagnostics(documents),
    registerFixes(documents),
    registerHover(documents),
    registerCompletion(documents),
    registerNavigation(documents),
    registerFormatting(),
    registerStatus(documents),
    registerLenses(documents, text),
  );
}
