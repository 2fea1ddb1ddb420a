/// <reference lib="dom" />
import { formatOf } from "../../../../streams/formats.ts";
import type { Damage, Opening, Summary } from "../protocol.ts";
import { told } from "./context.ts";
import { MAX_ROWS, type Rows } from "./rows.ts";

/** Damage that is listed; of more, only the number is told. */
const MAX_DAMAGES = 200;

/** Formats of Python's, which are not among those of the library. */
const PYTHON = new Map([
  ["pickle", "Python's pickle"],
  ["prefect", "a result that Prefect stored"],
  ["dask", "a blob of Dask's serialize_bytes"],
  ["npy", "an array of numpy"],
  ["npz", "arrays of numpy"],
]);

const UNITS = new Map([
  ["brine", "message"],
  ["lines", "message"],
  ["ndjson", "block"],
  ["json-seq", "block"],
]);

/** Whether a format is one of Python's. */
export function isPython(format: string): boolean {
  return PYTHON.has(format);
}

/** What there is to tell of what is open, besides its rows. */
export class Report {
  state: Summary["state"] = "reading";
  format = "";
  inputBytes: number | null = null;
  readBytes = 0;
  readonly codecs: string[] = [];
  readonly notes: string[] = [];
  readonly #name: string;
  readonly #opening: number;
  readonly #damages: Damage[] = [];
  #damageCount = 0;
  readonly #began: number = performance.now();
  #ended: number | undefined;

  constructor({ name, number }: Opening) {
    this.#name = name;
    this.#opening = number;
  }

  damage(damage: Damage): void {
    if (this.#damageCount++ < MAX_DAMAGES) this.#damages.push(damage);
  }

  /** Notes an error that is about no row, before all that are: they may come of it. */
  failure(error: unknown): void {
    const { text, offset } = told(error);
    this.#damages.unshift({ row: undefined, offset, text });
    this.#damageCount++;
  }

  /** All has been read, or as much as will be. */
  end(state: Summary["state"]): void {
    this.state = state;
    this.#ended = performance.now();
    if (state === "done") this.readBytes = this.inputBytes ?? this.readBytes;
  }

  /**
   * What is known so far.
   *
   * @param rows What was read.
   * @param bytes In how many bytes they are.
   */
  summary(rows: Rows, bytes: number): Summary {
    const { format } = this;
    const tooMany = rows.messages > MAX_ROWS
      ? [`only the first ${MAX_ROWS} are listed`]
      : [];
    return {
      opening: this.#opening,
      name: this.#name,
      format,
      description: PYTHON.get(format) ??
        (format ? formatOf(format).description : ""),
      codecs: this.codecs,
      state: this.state,
      inputBytes: this.inputBytes,
      readBytes: this.readBytes,
      bytes,
      rows: rows.length,
      messages: rows.messages,
      values: rows.values,
      storedBytes: rows.storedBytes,
      plainBytes: Number.isNaN(rows.plainBytes) ? null : rows.plainBytes,
      families: rows.families().slice(0, 20),
      damages: this.#damages,
      damageCount: this.#damageCount,
      unit: UNITS.get(format) ?? (isPython(format) ? "value" : "message"),
      notes: [...this.notes, ...tooMany],
      seconds: ((this.#ended ?? performance.now()) - this.#began) / 1000,
    };
  }
}
