// Tracks the text that cached states have read: when the context moves down a document, the text above it has
// still been read.

export class Walked {
  #offset = 0;
  #characters: string[] = [];
  #context = '';

  /**
   * Reads `text`, which begins at `offset` of a document.
   * @returns the text before it that the states have read
   */
  read(offset: number, text: string): string {
    const characters = [...text];
    let skipped = 0;
    for (let units = offset - this.#offset; units > 0 && skipped < this.#characters.length; skipped++)
      units -= this.#characters[skipped].length;
    // Reading goes on from the cached states only where it begins with the same character as before.
    const goesOn =
      offset >= this.#offset && characters.length > 0 && this.#characters[skipped] === characters[0];
    this.#context = goesOn ? this.#context + this.#characters.slice(0, skipped).join('') : '';
    this.#offset = offset;
    this.#characters = characters;
    return this.#context;
  }
}
