// The panel's words in the user's language, as `vscode.l10n.t` does it on the host, which hands its bundle over.

const bundle: Readonly<Record<string, string>> = JSON.parse(
  globalThis.document?.getElementById('panel')?.dataset.l10n ?? '{}',
);

/** @param message in English, with {0}, {1}, … where `values` go */
export function t(message: string, ...values: (string | number)[]): string {
  return (bundle[message] ?? message).replace(/\{(\d+)\}/g, (place, index) => String(values[index] ?? place));
}
