const SLOTS = 512;
/** Longer runs are not kept: they would seldom be met again. */
const MAX_LENGTH = 64;

/** What short runs of bytes stand for, of which a message has the same few again and again. A later run takes the place of one before. */
export class ByteCache<T> {
  readonly #runs = new Array<Uint8Array | undefined>(SLOTS).fill(undefined);
  readonly #values = new Array<T | undefined>(SLOTS).fill(undefined);

  /** What the run stands for, if it is kept. */
  get(bytes: Uint8Array, start: number, end: number): T | undefined {
    const slot = slotOf(bytes, start, end);
    const run = this.#runs[slot];
    if (run === undefined || run.length !== end - start) return undefined;
    for (let i = 0; i < run.length; i++) {
      if (run[i] !== bytes[start + i]) return undefined;
    }
    return this.#values[slot];
  }

  /** Keeps what the run stands for. */
  set(bytes: Uint8Array, start: number, end: number, value: T): void {
    if (end - start > MAX_LENGTH) return;
    const slot = slotOf(bytes, start, end);
    this.#runs[slot] = bytes.slice(start, end);
    this.#values[slot] = value;
  }
}

function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const middle = bytes[(start + end) >> 1] ?? 0;
  return ((end - start) * 7 + (bytes[start] ?? 0) * 31 + middle * 17 +
    (bytes[end - 1] ?? 0) * 5) & (SLOTS - 1);
}
