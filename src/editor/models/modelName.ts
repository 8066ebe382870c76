// Names a model for the user.
import { basename } from 'node:path';
import type { Choices } from './choices.ts';
import type { Model } from './models.ts';

/** Returns the name that the user has given the model, or that of its text or glob. */
export function nameOf({ directory, manifest }: Model, choices: Choices): string {
  const { source, pattern } = manifest.provenance;
  return choices.name(directory) ?? (pattern === null ? basename(source) : source);
}
