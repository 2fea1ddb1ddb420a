/**
 * Lists and objects that are taken to turn up only once each, as those of a tree do. To look each of them up as it comes would
 * take as long as all the rest of the writing, because what is written and read between two look-ups drives the table out of the
 * processor's caches. So they are only noted down, and looked at many at a time.
 */
export class Once {
  readonly #all = new Set<object>();
  #noted: object[] = [];

  note(value: object): void {
    this.#noted.push(value);
  }

  /** Whether none has been noted twice. */
  holds(): boolean {
    const expected = this.#all.size + this.#noted.length;
    for (const value of this.#noted) this.#all.add(value);
    this.#noted = [];
    return this.#all.size === expected;
  }
}
