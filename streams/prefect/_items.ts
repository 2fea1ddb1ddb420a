import { PythonWriter, type PythonWriting } from "../../src/prefect/writer.ts";
import type { Bytes } from "../../src/types.ts";
import { pathOf } from "../../src/tree/path.ts";
import type { Wait } from "../../src/json/document_writer.ts";
import { type ItemSource, openItems } from "../_item_source.ts";
import type { Puller } from "../_pull_stream.ts";

const PIECE = 64 << 10;

/** Stands for the list: something that gives items. */
class List {
  getReader(): void {}
}

/** Items in, the text of one list out. */
export class ItemsPuller implements Puller<unknown, Bytes> {
  readonly #list = new List();
  readonly #writer: PythonWriter;
  readonly #open = new Map<object, ItemSource>();
  #ended = false;

  constructor(writing: PythonWriting) {
    this.#writer = new PythonWriter(this.#list, writing);
    this.#writer.fill(PIECE);
  }

  push(item: unknown): void {
    this.#writer.supply({ done: false, value: item });
  }

  end(): void {
    this.#ended = true;
  }

  next(): Bytes[] | undefined | Promise<Bytes[]> {
    const writer = this.#writer;
    writer.fill(PIECE);
    if (writer.length >= PIECE) return [writer.take()];
    const { waiting } = writer;
    if (waiting && waiting.source !== this.#list) return this.#wait(waiting);
    if (!this.#ended) return undefined;
    if (waiting) {
      writer.supply({ done: true });
      writer.fill(PIECE);
    }
    return writer.length > 0 ? [writer.take()] : undefined;
  }

  cancel(reason: unknown): void {
    for (const source of this.#open.values()) source.cancel(reason);
    this.#open.clear();
  }

  async #wait({ source, kind, step }: Wait): Promise<Bytes[]> {
    if (kind === "promise") {
      this.#writer.supply({ done: false, value: await source });
      return [];
    }
    let items = this.#open.get(source);
    if (!items) this.#open.set(source, items = openItems(source, pathOf(step)));
    const result = await items.next();
    if (result.done) this.#open.delete(source);
    this.#writer.supply(result);
    return [];
  }
}
