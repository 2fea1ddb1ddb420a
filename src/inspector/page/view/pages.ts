/** Items of a long list, fetched a page at a time as they are looked at; the pages used longest ago are dropped. */
export class Pages<T> {
  readonly #pages = new Map<number, readonly T[] | undefined>();
  readonly #size: number;
  readonly #fetch: (from: number, to: number) => Promise<readonly T[]>;
  readonly #arrived: () => void;
  /** Counts how often all was forgotten, so that what was sent for before is not taken. */
  #age = 0;

  constructor(
    size: number,
    fetch: (from: number, to: number) => Promise<readonly T[]>,
    arrived: () => void,
  ) {
    this.#size = size;
    this.#fetch = fetch;
    this.#arrived = arrived;
  }

  /** An item, if it is here; if not, it is sent for. */
  get(index: number): T | undefined {
    const page = Math.floor(index / this.#size);
    if (!this.#pages.has(page)) this.#load(page);
    return this.#pages.get(page)?.[index % this.#size];
  }

  /** Forgets pages that were not full, because there is more now. */
  grow(): void {
    for (const [page, items] of this.#pages) {
      if (items && items.length < this.#size) this.#pages.delete(page);
    }
  }

  /** Forgets all. */
  clear(): void {
    this.#pages.clear();
    this.#age++;
  }

  async #load(page: number): Promise<void> {
    const age = this.#age;
    this.#pages.set(page, undefined);
    if (this.#pages.size > 64) {
      const [oldest] = this.#pages.keys();
      this.#pages.delete(oldest!);
    }
    const from = page * this.#size;
    try {
      const items = await this.#fetch(from, from + this.#size);
      if (age !== this.#age) return;
      this.#pages.set(page, items);
    } catch {
      if (age === this.#age) this.#pages.delete(page);
    }
    this.#arrived();
  }
}
