// Turns the names of a cell into names of Python, which knows no primes and fewer letters.
import { overPositions } from './overPositions.ts';

const keywords = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for ' +
    'from global if import in is lambda nonlocal not or pass raise return try while with yield match case print'
  ).split(' '),
);

/** The names of `step` that are not vectors. */
const inStep = new Set(['self', 'state', 'torch', 'nn', 'F', 'batch', ...Object.values(overPositions)]);

/** The attributes of `torch.nn.Module` and of the generated class `Layer` that a parameter could be named as. */
const attributes = new Set(
  (
    'T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double ' +
    'dump_patches eval extra_repr float forward half ipu modules mtia parameters state_dict to to_empty train ' +
    'training type xpu initial begin step weights names inputs hidden tokens outputs encoded module share_memory ' +
    'zero_grad reads_source reads_outputs'
  ).split(' '),
);

/** Characters that every Python 3 allows in a name, besides ASCII ones. */
const everywhere = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Mn}]$/u;

/** Returns a valid name of Python that is as close to the name as it can be. */
function asPython(name: string): string {
  const characters = [...name.replace(/['′]/g, '_prime').normalize('NFKC')].map((character) =>
    /^\w$/.test(character) || everywhere.test(character)
      ? character
      : `u${character.codePointAt(0)!.toString(16)}`,
  );
  const whole = characters.join('');
  return /^[\p{L}_]/u.test(whole) ? whole : `v${whole}`;
}

/** Gives each name of one scope a name of Python of its own. */
class Scope {
  readonly #taken: Set<string>;
  readonly #given = new Map<string, string>();

  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved);
  }

  /** @param wanted the name that `key` should have */
  name(key: string, wanted: string): string {
    const known = this.#given.get(key);
    if (known !== undefined) return known;
    let free = asPython(wanted);
    while (this.#taken.has(free)) free += '_';
    this.#taken.add(free);
    this.#given.set(key, free);
    return free;
  }
}

export class PythonNames {
  readonly #locals: Scope;
  readonly #attributes = new Scope([...keywords, ...attributes]);

  /**
   * @param first the names that stay as they are: the input, and vectors in the order of their equations
   * @param reserved further names of `step` that are not vectors
   */
  constructor(first: readonly string[], reserved: readonly string[] = []) {
    this.#locals = new Scope([...keywords, ...inStep, ...reserved]);
    for (const name of first) this.vector(name, 0);
  }

  /** The name of a vector `lag` steps back, such as `h` and `h_prev`. */
  vector(name: string, lag: number): string {
    const suffix = lag === 0 ? '' : lag === 1 ? '_prev' : `_prev${lag}`;
    return this.#locals.name(`${name} ${lag}`, name + suffix);
  }

  /** A name that the cell does not have, which is as close to `wanted` as it can be. */
  local(key: string, wanted: string): string {
    return this.#locals.name(`local ${key}`, wanted);
  }

  constant(name: string): string {
    return this.#locals.name(`constant ${name}`, name);
  }

  /** The attribute of a parameter; `h[0]` is one as well. */
  parameter(name: string): string {
    return this.#attributes.name(name, name.replace('[0]', '_0'));
  }
}

/** Writes a number as Python does, with leading zeros removed, which Python refuses. */
export const pythonNumber = (text: string): string => text.replace(/^0+(?=\d)/, '');

/** The name of a cell's class. */
export function asClassName(name: string): string {
  const python = asPython(name);
  return keywords.has(python) ? `${python}_` : python;
}
