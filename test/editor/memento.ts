// Makes a window's memory for tests that have no window.
import type { Memento } from 'vscode';

export function memento(): Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, otherwise?: T) => (values.has(key) ? (values.get(key) as T) : otherwise) as T,
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
}
