// Treats masked steps as recurrent layers of Keras do: a masked step keeps the states and repeats the output
// of the step before. A recurrence has no masks, so the other steps of each row are moved to its beginning,
// and outputs, states and gradients are read from there.

export class Alignment {
  /** The number of steps of each row that are not masked, [rows]. */
  readonly lengths: Int32Array;
  /**
   * For each row and step after the move, its index before it, [rows × steps]. After its length, a row is
   * padded with steps of the batch. Their results are not read, but arbitrary numbers as padding could give
   * infinite or NaN results, and with them such gradients.
   */
  readonly #from: Int32Array;
  /** The moved index of the output for each row and step before the move, [rows × steps]; -1 for none. */
  readonly #shown: Int32Array;
  readonly #steps: number;

  /** @param mask [rows × steps], row by row, 0 where a step is masked */
  constructor(mask: ArrayLike<number>, rows: number, steps: number) {
    this.#steps = steps;
    this.lengths = new Int32Array(rows);
    this.#from = new Int32Array(rows * steps);
    this.#shown = new Int32Array(rows * steps).fill(-1);
    let spare = Math.max(
      0,
      Array.from(mask).findIndex((each) => each !== 0),
    );
    for (let row = 0; row < rows; row++) {
      const first = row * steps;
      let length = 0;
      for (let at = first; at < first + steps; at++) {
        if (mask[at] !== 0) {
          this.#from[first + length++] = at;
          spare = at;
        }
        if (length > 0) this.#shown[at] = first + length - 1;
      }
      this.#from.fill(spare, first + length, first + steps);
      this.lengths[row] = length;
    }
  }

  /**
   * Moves the steps.
   * @param x [rows × steps × width], like all sequences here
   * @returns the recurrence's input
   */
  align(x: Float32Array): Float32Array {
    const width = this.#width(x);
    const moved = new Float32Array(x.length);
    for (const [to, from] of this.#from.entries())
      moved.set(x.subarray(from * width, (from + 1) * width), to * width);
    return moved;
  }

  /**
   * Moves the outputs back.
   * @param before the output before the first step, [rows × width]; null means 0
   * @returns the output
   */
  restore(y: Float32Array, before: Float32Array | null): Float32Array {
    const width = this.#width(y);
    const restored = new Float32Array(y.length);
    for (const [to, from] of this.#shown.entries()) {
      if (from >= 0) restored.set(y.subarray(from * width, (from + 1) * width), to * width);
      else if (before) restored.set(this.#rowOf(before, to, width), to * width);
    }
    return restored;
  }

  /** @returns the gradients with respect to the arguments of `restore` */
  restoreBackward(dy: Float32Array): { dy: Float32Array; dBefore: Float32Array } {
    const width = this.#width(dy);
    const moved = new Float32Array(dy.length);
    const dBefore = new Float32Array(this.lengths.length * width);
    for (const [at, to] of this.#shown.entries()) {
      const sum = to >= 0 ? moved.subarray(to * width, (to + 1) * width) : this.#rowOf(dBefore, at, width);
      for (let i = 0; i < width; i++) sum[i] += dy[at * width + i];
    }
    return { dy: moved, dBefore };
  }

  /** @returns the gradient with respect to the argument of `align`, which is 0 at masked steps */
  alignBackward(dx: Float32Array): Float32Array {
    const width = this.#width(dx);
    const moved = new Float32Array(dx.length);
    for (const [row, length] of this.lengths.entries())
      for (let at = row * this.#steps; at < row * this.#steps + length; at++)
        moved.set(dx.subarray(at * width, (at + 1) * width), this.#from[at] * width);
    return moved;
  }

  #width(sequence: Float32Array): number {
    return sequence.length / this.#from.length;
  }

  #rowOf(rows: Float32Array, at: number, width: number): Float32Array {
    const row = Math.floor(at / this.#steps);
    return rows.subarray(row * width, (row + 1) * width);
  }
}
