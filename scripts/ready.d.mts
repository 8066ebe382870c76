/** Installs the locked packages when they are missing or older than the lock file. */
export function ready(): void;
export const root: string;
/** The Node of the extension host. */
export const node: string;
