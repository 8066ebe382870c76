// What a trail's states have read: where its context moves down a document, what stood above it stays read.

export class Walked {
  #offset = 0;
  #characters: string[] = [];
  #context = '';

  /** Reads `text`, which begins at `offset` of a document. @returns what was read before it and still counts */
  read(offset: number, text: string): string {
    const characters = [...text];
    let skipped = 0;
    for (let units = offset - this.#offset; units > 0 && skipped < this.#characters.length; skipped++)
      units -= this.#characters[skipped].length;
    // What goes on from the states that are there begins with the same character as before.
    const goesOn =
      offset >= this.#offset && characters.length > 0 && this.#characters[skipped] === characters[0];
    this.#context = goesOn ? this.#context + this.#characters.slice(0, skipped).join('') : '';
    this.#offset = offset;
    this.#characters = characters;
    return this.#context;
  }
}
