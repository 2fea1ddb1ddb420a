import type { Count, Layout, Row, Slot, Status } from "../protocol.ts";

const STATUSES: readonly Status[] = [
  "ok",
  "start",
  "end",
  "failure",
  "damaged",
];
/** Rows that are kept; of more, only the sums are. */
export const MAX_ROWS = 8_000_000;

/** Rows of which it is kept what is wrong with them. */
const MAX_NOTES = 100_000;

/** What is noted down of a row. */
export type NewRow = Omit<Row, "index" | "firstValue">;

/** What many rows have in common, so that it is kept once. */
interface Kind {
  readonly family: string;
  readonly codecs: string;
  readonly tagged: boolean;
  count: number;
  bytes: number;
}

/** All rows, in columns of numbers: about 50 bytes each. */
export class Rows {
  length = 0;
  messages = 0;
  values = 0;
  storedBytes = 0;
  /** `NaN` where not all is known. */
  plainBytes = 0;
  readonly #notes = new Map<number, string>();
  readonly #kinds: Kind[] = [];
  readonly #kindOf = new Map<string, number>();
  #lastKind = 0;
  #offset = new Float64Array(1024);
  #bytes = new Float64Array(1024);
  #first = new Float64Array(1024);
  #plain = new Float64Array(1024);
  #values = new Uint32Array(1024);
  #frames = new Uint32Array(1024);
  #kind = new Uint16Array(1024);
  #status = new Uint8Array(1024);

  /** Adds a row; its index. */
  add(row: NewRow): number {
    const { status, byteLength, values, plainBytes } = row;
    const kind = this.#kindFor(row);
    if (status === "ok" || status === "failure") {
      this.messages++;
      this.#kinds[kind]!.count++;
      this.#kinds[kind]!.bytes += byteLength;
      this.plainBytes += plainBytes ?? NaN;
    }
    this.storedBytes += byteLength;
    const index = this.length;
    if (index < MAX_ROWS) this.#store(index, row, kind);
    if (status === "ok") this.values += values;
    return index;
  }

  #store(index: number, row: NewRow, kind: number): void {
    if (index >= this.#offset.length) this.#grow();
    this.#offset[index] = row.offset;
    this.#bytes[index] = row.byteLength;
    this.#first[index] = this.values;
    this.#plain[index] = row.plainBytes ?? NaN;
    this.#values[index] = row.values;
    this.#frames[index] = row.frames;
    this.#kind[index] = kind;
    this.#status[index] = STATUSES.indexOf(row.status);
    if (row.note !== undefined && this.#notes.size < MAX_NOTES) {
      this.#notes.set(index, row.note);
    }
    this.length++;
  }

  #kindFor({ family, codecs, tagged }: NewRow): number {
    const last = this.#kinds[this.#lastKind];
    if (
      last && last.family === family && last.codecs === codecs &&
      last.tagged === tagged
    ) return this.#lastKind;
    const key = `${family}\n${codecs}\n${tagged}`;
    let kind = this.#kindOf.get(key);
    if (kind === undefined) {
      // Names come from the input: of too many, the last stands for all that follow.
      kind = Math.min(this.#kinds.length, 65_534);
      if (kind === this.#kinds.length) {
        this.#kinds.push({ family, codecs, tagged, count: 0, bytes: 0 });
        this.#kindOf.set(key, kind);
      }
    }
    return this.#lastKind = kind;
  }

  #grow(): void {
    const twice = <
      T extends Float64Array | Uint32Array | Uint16Array | Uint8Array,
    >(
      old: T,
    ): T => {
      const grown = new (old.constructor as new (n: number) => T)(
        2 * old.length,
      );
      grown.set(old);
      return grown;
    };
    this.#offset = twice(this.#offset);
    this.#bytes = twice(this.#bytes);
    this.#first = twice(this.#first);
    this.#plain = twice(this.#plain);
    this.#values = twice(this.#values);
    this.#frames = twice(this.#frames);
    this.#kind = twice(this.#kind);
    this.#status = twice(this.#status);
  }

  /** A row; it must be there. */
  at(index: number): Row {
    const { family, codecs, tagged } = this.#kinds[this.#kind[index]!]!;
    const plain = this.#plain[index]!;
    return {
      index,
      offset: this.#offset[index]!,
      byteLength: this.#bytes[index]!,
      status: STATUSES[this.#status[index]!]!,
      family,
      codecs,
      tagged,
      values: this.#values[index]!,
      firstValue: this.#first[index]!,
      frames: this.#frames[index]!,
      plainBytes: Number.isNaN(plain) ? null : plain,
      note: this.#notes.get(index),
    };
  }

  /** The next row with something wrong after one, from the start again at the end; -1 if there is none. */
  nextDamage(after: number): number {
    for (let step = 1; step <= this.length; step++) {
      const index = (after + step) % this.length;
      if (this.#status[index]! >= STATUSES.indexOf("failure")) return index;
    }
    return -1;
  }

  /** How much there is of each family. */
  families(): Count[] {
    const counts = new Map<
      string,
      { name: string; count: number; bytes: number }
    >();
    for (const { family, count, bytes } of this.#kinds) {
      if (count === 0) continue;
      const sum = counts.get(family) ?? { name: family, count: 0, bytes: 0 };
      sum.count += count;
      sum.bytes += bytes;
      counts.set(family, sum);
    }
    return [...counts.values()].sort((a, b) => b.bytes - a.bytes);
  }

  /** The picture of all rows, so many pixels wide. */
  layout(width: number, bytes: number): Layout {
    const families = this.families().map(({ name }) => name);
    const slots: Slot[] = [];
    let row = 0;
    for (let x = 0; x < width && this.length > 0; x++) {
      const end = (x + 1) * bytes / width;
      while (
        row + 1 < this.length && this.#offset[row + 1]! <= x * bytes / width
      ) row++;
      if (this.#offset[row]! + this.#bytes[row]! <= x * bytes / width) break;
      slots.push(this.#slot(row, end, families));
    }
    return { bytes, families, slots };
  }

  /** What begins with one row and goes on to a place; of very many, some are looked at. */
  #slot(first: number, end: number, families: readonly string[]): Slot {
    let [stored, plain, largest, row] = [0, 0, -1, first];
    let damaged = false;
    for (
      let i = first;
      i < this.length && (i === first || this.#offset[i]! < end);
      i++
    ) {
      damaged ||= this.#status[i]! >= STATUSES.indexOf("failure");
      stored += this.#bytes[i]!;
      plain += this.#plain[i] || this.#bytes[i]!;
      if (this.#bytes[i]! > largest) [largest, row] = [this.#bytes[i]!, i];
    }
    const { family } = this.#kinds[this.#kind[row]!]!;
    const status = STATUSES[this.#status[row]!]!;
    const index = status === "damaged"
      ? -2
      : status === "ok" || status === "failure"
      ? families.indexOf(family)
      : -1;
    return { family: index, row, ratio: plain ? stored / plain : 1, damaged };
  }
}
