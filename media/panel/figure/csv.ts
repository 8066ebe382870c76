// Writes numbers as CSV.

/**
 * Returns CSV by RFC 4180. A text that a spreadsheet would take for a formula begins with an apostrophe,
 * which the spreadsheet does not show.
 */
export function csv(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cell = (value: unknown) => {
    const plain = value === null || value === undefined ? '' : String(value);
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
