/// <reference lib="dom" />
import { formatOf } from "../../../../streams/formats.ts";
import { messageBatches } from "../../../../streams/presets.ts";
import type { Codec } from "../../../../streams/stage.ts";
import type { Detail, Opening, Summary } from "../protocol.ts";
import { type Context, nextTurn } from "./context.ts";
import { indexLines, indexText } from "./index_lines.ts";
import { indexMessages } from "./index_messages.ts";
import { HEAD_BYTES, looksLike } from "./looks.ts";
import { counted, openUrl } from "./input.ts";
import { Nodes } from "./nodes.ts";
import { indexPython } from "./python_files.ts";
import { BlobBytes, type Random } from "./random.ts";
import { readRow } from "./read_row.ts";
import { isPython, Report } from "./report.ts";
import { Rows } from "./rows.ts";
import { Spool, streamOfBytes } from "./spool.ts";

/** Milliseconds between two times that it is told how far things are, and between two that questions are answered. */
const PACE = 100;
const BREATH = 20;
/** Codecs around codecs. */
const MAX_CODECS = 3;

/** Something that is open: all its rows, and the values of the one that is looked at. */
export class OpenDocument {
  readonly rows: Rows = new Rows();
  readonly nodes: Nodes = new Nodes();
  readonly name: string;
  /** Is there when all of it has been read, or as much as will be. */
  read: Promise<void> = Promise.resolve();
  /** What the rows are of, which for some formats is a copy. */
  format = "";
  bytes: Random = new BlobBytes(new Blob([]));
  readonly #stop = new AbortController();
  readonly #tell: (summary: Summary) => void;
  readonly #report: Report;
  readonly #spools: Spool[] = [];
  #lastTold = 0;

  constructor(opening: Opening, tell: (summary: Summary) => void) {
    this.name = opening.name;
    this.#tell = tell;
    this.#report = new Report(opening);
  }

  get isPython(): boolean {
    return isPython(this.format);
  }

  /** Lets go of everything. */
  close(): void {
    this.cancel();
    for (const spool of this.#spools) spool.close();
  }

  /** Stops whatever is under way. */
  cancel(): void {
    if (this.#report.state !== "reading") return;
    this.#stop.abort(new DOMException("it was cancelled", "AbortError"));
  }

  /** Reads all of it once. */
  async open(opening: Opening): Promise<void> {
    const report = this.#report;
    try {
      await this.#read(opening);
      report.end("done");
    } catch (error) {
      const isOver = this.#stop.signal.aborted;
      if (!isOver) report.failure(error);
      report.end(isOver ? "cancelled" : "failed");
    }
    this.#tell(this.summary());
  }

  async #read({ source, as }: Opening): Promise<void> {
    let bytes = typeof source === "string"
      ? await openUrl(source, this.#spool(), this.#stop.signal, this.#report)
      : new BlobBytes(source);
    if (typeof source !== "string") this.#report.inputBytes = source.size;
    for (;;) {
      const head = await bytes.read(0, HEAD_BYTES);
      const name = this.#report.codecs.length > 0
        ? innerName(this.name)
        : this.name;
      const { format, codec } = looksLike(head, name, bytes.size);
      if (
        codec && this.#report.codecs.length < MAX_CODECS &&
        (as === "auto" || !isPython(as))
      ) {
        bytes = this.#around(bytes, codec);
        continue;
      }
      const chosen = as === "auto" ? format : as;
      if (chosen === undefined) {
        throw new TypeError(
          "it looks like nothing that is known here: say how to read it",
        );
      }
      await this.#index(chosen, bytes);
      if (bytes instanceof Spool && bytes.failure !== undefined) {
        this.#report.failure(bytes.failure);
      }
      return;
    }
  }

  #spool(): Spool {
    const spool = new Spool();
    this.#spools.push(spool);
    return spool;
  }

  /** Takes a codec off. */
  #around(bytes: Random, codec: Codec): Spool {
    const { signal } = this.#stop;
    this.#report.codecs.push(codec.name);
    let stream = streamOfBytes(bytes, signal);
    if (bytes instanceof BlobBytes) stream = counted(stream, this.#report);
    const spool = this.#spool();
    spool.fill(stream.pipeThrough(codec.decoder()), signal);
    return spool;
  }

  async #index(format: string, bytes: Random): Promise<void> {
    this.format = this.#report.format = format;
    this.bytes = bytes;
    const context = this.#context(bytes);
    if (isPython(format)) return await indexPython(context, format);
    if (format === "brine") return await indexMessages(context);
    if (format === "lines") return await indexLines(context);
    if (format === "ndjson" || format === "json-seq") {
      return await indexText(context, format);
    }
    await this.#copied(format, bytes);
  }

  /** Formats that cannot be read from the middle are copied into one that can. */
  async #copied(format: string, bytes: Random): Promise<void> {
    let failure: unknown;
    let input = streamOfBytes(bytes, this.#stop.signal);
    if (bytes instanceof BlobBytes) input = counted(input, this.#report);
    const values = input.pipeThrough(
      formatOf(format).batches().decoder(),
    );
    const reader = values.getReader();
    const whole = new ReadableStream<readonly unknown[]>({
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          failure = error;
          controller.close();
        }
      },
    }, { highWaterMark: 0 });
    const spool = this.#spool();
    const filled = spool.fill(
      whole.pipeThrough(messageBatches().encoder()),
      this.#stop.signal,
    );
    this.format = "brine";
    this.bytes = spool;
    this.#report.notes.push(
      `offsets and sizes are those of a copy: ${format} cannot be read from the middle`,
    );
    await indexMessages(this.#context(spool));
    await filled;
    this.#stop.signal.throwIfAborted();
    if (failure !== undefined) this.#report.failure(failure);
  }

  #context(bytes: Random): Context {
    const isInput = bytes instanceof BlobBytes;
    let last = performance.now();
    let [steps, seen] = [0, 0];
    return {
      bytes,
      rows: this.rows,
      signal: this.#stop.signal,
      damage: (damage) => this.#report.damage(damage),
      advance: (offset) => {
        if (isInput) this.#report.readBytes = offset;
        // The time is asked for once in a while.
        if (++steps % 16 > 0 && offset - seen < 65_536) return undefined;
        seen = offset;
        if (performance.now() - last < BREATH) return undefined;
        return this.#breathe().then(() => void (last = performance.now()));
      },
    };
  }

  async #breathe(): Promise<void> {
    this.#stop.signal.throwIfAborted();
    if (performance.now() - this.#lastTold >= PACE) {
      this.#lastTold = performance.now();
      this.#tell(this.summary());
    }
    await nextTurn();
  }

  /** What is known so far. */
  summary(): Summary {
    const { bytes } = this;
    return this.#report.summary(
      this.rows,
      bytes.size ?? (bytes as Spool).length,
    );
  }

  /** All about one row. */
  async detail(index: number): Promise<Detail> {
    if (index >= this.rows.length) throw new RangeError("there is no such row");
    const row = this.rows.at(index);
    this.nodes.clear();
    const bytes = await this.bytes.read(
      row.offset,
      row.offset + row.byteLength,
    );
    const content = await readRow(this.format, row, bytes);
    const { nodes } = this;
    const all = content.values.map(([, value]) => value);
    return {
      row,
      parts: content.parts.slice(0, 4_000),
      header: content.header === undefined
        ? undefined
        : nodes.add("header", content.header),
      values: content.values.map(([key, value]) => nodes.add(key, value)),
      subjects: all.length > 1
        ? [...nodes.subjects("all values", all)]
        : content.values.flatMap(([key, value]) => nodes.subjects(key, value)),
      notes: content.notes,
      error: content.error,
      listing: content.listing,
    };
  }
}

function innerName(name: string): string {
  return name.replace(/\.[^.]+$/, "");
}
