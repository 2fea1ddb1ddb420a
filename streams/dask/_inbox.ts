/** Messages that have come and were not taken yet, and whoever waits for one. */
export class Inbox<T> {
  #items: T[] = [];
  #head = 0;
  #waiting: {
    resolve(item: T): void;
    reject(reason: unknown): void;
  } | undefined;
  #failure: { readonly reason: unknown } | undefined;

  /** How many have come and were not taken. */
  get size(): number {
    return this.#items.length - this.#head;
  }

  /** Why no more come, once that is so. */
  get failure(): { readonly reason: unknown } | undefined {
    return this.#failure;
  }

  push(item: T): void {
    if (this.#failure) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(item);
    else this.#items.push(item);
  }

  /** No more come. What has come is still there to be taken; the first reason stays. */
  fail(reason: unknown): void {
    if (this.#failure) return;
    this.#failure = { reason };
    this.#waiting?.reject(reason);
    this.#waiting = undefined;
  }

  /** The next one; only one at a time may wait. */
  take(): Promise<T> {
    if (this.size > 0) {
      const item = this.#items[this.#head]!;
      this.#items[this.#head++] = undefined as T;
      if (this.#head === this.#items.length) {
        this.#items = [];
        this.#head = 0;
      }
      return Promise.resolve(item);
    }
    if (this.#failure) return Promise.reject(this.#failure.reason);
    if (this.#waiting) {
      return Promise.reject(new TypeError("Cannot wait twice at a time"));
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }
}
