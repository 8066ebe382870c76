/**
 * Orders names so that each comes after those it needs and otherwise in the given order, or returns one
 * cycle, in which each name needs the next and the last needs the first. Needs that are not among the names
 * are ignored.
 */
export function order(
  names: Iterable<string>,
  needs: (name: string) => Iterable<string>,
): { ordered: string[]; circle: string[] } {
  const known = new Set(names);
  const done = new Set<string>();
  const open = new Set<string>();
  const ordered: string[] = [];
  let circle: string[] = [];
  // The search keeps its own stack, because a file may hold a longer chain than JavaScript's stack allows.
  for (const start of known) {
    const path: { name: string; rest: Iterator<string> }[] = [];
    const enter = (name: string) => {
      open.add(name);
      path.push({ name, rest: needs(name)[Symbol.iterator]() });
    };
    if (!done.has(start)) enter(start);
    while (path.length > 0) {
      const { name, rest } = path[path.length - 1];
      const { value: need, done: last } = rest.next();
      if (last) {
        path.pop();
        open.delete(name);
        done.add(name);
        ordered.push(name);
      } else if (open.has(need) && circle.length === 0) {
        circle = path.slice(path.findIndex(({ name }) => name === need)).map(({ name }) => name);
      } else if (known.has(need) && !done.has(need) && !open.has(need)) {
        enter(need);
      }
    }
  }
  return { ordered, circle };
}
