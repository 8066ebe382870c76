// The panel's words in the user's language, as `vscode.l10n.t` has them on the host, which hands its bundle over.

/** What is used of a document: tests in Node have none, and its words are English there. */
interface Page {
  getElementById(id: string): { readonly dataset: Readonly<Record<string, string | undefined>> } | null;
}

const { document } = globalThis as { document?: Page };

const bundle: Readonly<Record<string, string>> = JSON.parse(
  document?.getElementById('panel')?.dataset.l10n ?? '{}',
);

/** @param message in English, with {0}, {1}, … where `values` go */
export function t(message: string, ...values: (string | number)[]): string {
  return (bundle[message] ?? message).replace(/\{(\d+)\}/g, (place, index) => String(values[index] ?? place));
}
