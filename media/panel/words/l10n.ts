// Translates the panel's texts as `vscode.l10n.t` does on the host, which hands its bundle over.

/**
 * The part of a document that is used here. Tests in Node have no document, so that the texts are English
 * there.
 */
interface Page {
  getElementById(id: string): { readonly dataset: Readonly<Record<string, string | undefined>> } | null;
}

const { document } = globalThis as { document?: Page };

const bundle: Readonly<Record<string, string>> = JSON.parse(
  document?.getElementById('panel')?.dataset.l10n ?? '{}',
);

/**
 * Returns a message in the user's language.
 * @param message in English, with {0}, {1}, … where `values` go
 */
export function t(message: string, ...values: (string | number)[]): string {
  return (bundle[message] ?? message).replace(/\{(\d+)\}/g, (place, index) => String(values[index] ?? place));
}
