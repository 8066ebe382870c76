import { Uri } from 'vscode';

/**
 * Returns the URI of a text after something was moved; null for a text that was not in it.
 * @param uri the URI before; a fragment that names a part of the text stays
 * @param from a text, or a folder that contains texts
 */
export function movedUri(uri: string, from: Uri, to: Uri): string | null {
  const before = Uri.parse(uri);
  const { scheme, authority, path } = before;
  const isInIt = path === from.path || path.startsWith(`${from.path}/`);
  if (!isInIt || scheme !== from.scheme || authority !== from.authority) return null;
  const below = path.slice(from.path.length);
  return before.with({ scheme: to.scheme, authority: to.authority, path: to.path + below }).toString();
}
