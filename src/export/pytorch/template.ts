// Changes the templates of Python files.

export type Change = readonly [from: RegExp, to: string];

/** Returns the parts of a template, which are divided by lines `# --- name`. */
export const partsOf = (template: string): string[] => template.split(/^# --- .*\n/m);

/** Changes a template. @throws Error when it lacks what a change replaces */
export function replaced(template: string, changes: readonly Change[]): string {
  return changes.reduce((text, [from, to]) => {
    if (text.search(from) < 0) throw new Error(`The template of a network has no ${from}.`);
    return text.replace(from, to);
  }, template);
}
