/** After so many milliseconds without one, a chunk goes out on its own. */
const PAUSE = 10;
const { setImmediate: soon } = globalThis as {
  setImmediate?: (callback: () => void) => unknown;
};

/**
 * When the chunks of an answer go out. While the body of its request still waits to be read, Node and Deno are not told that
 * the client has gone; they hear of it by the second write after that. So two chunks that would leave as one write do not,
 * if there was work before them: the first of them has its way to the client, and back.
 */
export class Pace {
  #sentAt = 0;
  #turn: Promise<void> | undefined;

  /** What to wait for before the next chunk. */
  get turn(): Promise<void> | undefined {
    return this.#turn;
  }

  /** A chunk has gone out. */
  sent(): void {
    const now = performance.now();
    const isLate = soon !== undefined && now - this.#sentAt > PAUSE;
    this.#sentAt = now;
    this.#turn = isLate
      ? new Promise<void>((resolve) => void soon(resolve))
      : undefined;
  }
}
