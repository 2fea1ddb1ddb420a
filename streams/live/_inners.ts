import { FormatError, LimitError, RemoteError } from "../../src/errors.ts";
import type { LiveKind } from "../../src/live_kind.ts";
import type { Registry } from "../../src/registry.ts";
import type { Bytes, Message } from "../../src/types.ts";
import { isId, partOf } from "../../src/wire/parts.ts";
import {
  type Inner,
  InnerPromise,
  InnerStream,
  type Supply,
} from "./_inner.ts";
import { InnerIteration } from "./_inner_iteration.ts";
import { LiveReader } from "./_live_registry.ts";

/** The most that is accepted. */
export interface InnerLimits {
  readonly registry: Registry;
  readonly maxDepth: number | undefined;
  readonly maxStreams: number;
  readonly maxBlobBytes: number;
}

/** The stage that errors name. */
export const STAGE = "live";

/** Bytes that came before the value that names them. */
interface Content {
  readonly frames: Bytes[];
  size: number;
}

/** Everything live that has been named and is not over, by its number. */
export class Inners {
  readonly #supply: Supply;
  readonly #limits: InnerLimits;
  readonly #registry: LiveReader;
  readonly #open = new Map<number, Inner>();
  /** Those for which something is held, and that nobody has begun to read; they may be over. */
  readonly #unread = new Set<Inner>();
  readonly #contents = new Map<number, Content>();
  #contentBytes = 0;
  /** Those that the message at hand has named. */
  #named: Inner[] = [];

  constructor(supply: Supply, limits: InnerLimits) {
    this.#supply = supply;
    this.#limits = limits;
    this.#registry = new LiveReader(
      limits.registry,
      (kind, header) => this.#make(kind, header),
    );
  }

  /** Whether more may come for it. */
  has(inner: Inner): boolean {
    return this.#open.get(inner.id) === inner;
  }

  /** Somebody reads it, or nobody ever will. */
  begun(inner: Inner): void {
    this.#unread.delete(inner);
  }

  /** What is cut, if the input ends here. */
  get unfinished(): string | undefined {
    const [id] = this.#open.keys();
    if (id === undefined) return undefined;
    return `the input ends before stream ${id} does`;
  }

  /** What nobody asked for, if the input ends here. */
  get unnamed(): string | undefined {
    const [id] = this.#contents.keys();
    return id === undefined ? undefined : `no value names content ${id}`;
  }

  /** Gives up the stream that has most of the window and that nobody has begun to read, if there is one. */
  giveUp(window: number): void {
    const [largest] = [...this.#unread].sort((a, b) => b.unread - a.unread);
    if (!largest?.unread) return;
    const what = "bytes that nobody reads, and that hold up all else,";
    largest.drop(new LimitError(STAGE, what, largest.unread, window));
  }

  /** Nothing more comes, because of this. */
  fail(error: unknown): void {
    for (const inner of this.#open.values()) inner.fail(error);
    this.#open.clear();
    this.#contents.clear();
  }

  /** The values of a message, and what is live in them. */
  valuesOf(
    message: Message,
  ): { values: readonly unknown[]; inners: readonly Inner[] } {
    this.#named = [];
    const values = this.#registry.deserializeBatch(message, this.#limits);
    return { values, inners: this.#named };
  }

  /** Takes a message in that is a part of something. */
  accept(message: Message, weight: number): void {
    const { id, kind } = partOf(STAGE, message.header);
    if (kind === "content") return this.#gather(id, message.frames);
    const inner = this.#open.get(id);
    if (!inner) {
      if (kind === "error" && this.#contents.has(id)) return this.#forget(id);
      return fail(`nothing names stream ${id}, or it is over`);
    }
    if (!inner.accepts.includes(kind)) {
      fail(`stream ${id} cannot have a part "${kind}"`);
    }
    switch (kind) {
      case "bytes":
        return this.#push(inner, message.frames, [], weight);
      case "values": {
        const { values, inners } = this.valuesOf(valuesIn(message));
        return this.#push(inner, values, inners, weight);
      }
      case "result": {
        const { values, inners } = this.valuesOf(valuesIn(message));
        if (values.length !== 1) {
          fail(`stream ${id} has ${values.length} results`);
        }
        this.#open.delete(id);
        if (inner.isDropped) dropAll(inners);
        else inner.end(values[0]);
        return;
      }
      case "end":
        this.#open.delete(id);
        if (!inner.isDropped) inner.end();
        return;
      case "error":
        this.#open.delete(id);
        if (!inner.isDropped) inner.fail(new RemoteError(textOf(message)));
        return;
    }
  }

  #push(
    inner: Inner,
    items: readonly unknown[],
    inners: readonly Inner[],
    weight: number,
  ): void {
    // What is live in it has a number all the same, and parts of its own.
    if (inner.isDropped) dropAll(inners);
    if (inner.isDropped || items.length === 0) return;
    // Before it is given out, so that it can be released from there.
    this.#supply.hold(weight);
    inner.push({ items, weight, inners });
    if (inner.unread > 0) this.#unread.add(inner);
  }

  #gather(id: number, frames: readonly Bytes[]): void {
    if (this.#open.has(id)) fail(`content ${id} has the number of a stream`);
    let content = this.#contents.get(id);
    if (!content) {
      this.#count();
      this.#contents.set(id, content = { frames: [], size: 0 });
    }
    for (const frame of frames) {
      content.frames.push(frame);
      content.size += frame.length;
      this.#contentBytes += frame.length;
    }
    const { maxBlobBytes } = this.#limits;
    if (this.#contentBytes > maxBlobBytes) {
      const bytes = this.#contentBytes;
      throw new LimitError(STAGE, "bytes of blobs", bytes, maxBlobBytes);
    }
  }

  #forget(id: number): void {
    this.#contentBytes -= this.#contents.get(id)!.size;
    this.#contents.delete(id);
  }

  #count(): void {
    const { maxStreams } = this.#limits;
    const size = this.#open.size + this.#contents.size + 1;
    if (size <= maxStreams) return;
    throw new LimitError(STAGE, "open streams", size, maxStreams);
  }

  /** Makes what a value names; what it throws tells of the value. */
  #make(kind: LiveKind, header: unknown): unknown {
    if (kind === "Blob" || kind === "File") return this.#blob(kind, header);
    const isBytes = kind === "ReadableStream" && Array.isArray(header);
    const id: unknown = isBytes ? header[0] : header;
    if (!isId(id) || isBytes && header[1] !== "bytes") {
      throw new TypeError("its header is no number of a stream");
    }
    if (this.#open.has(id) || this.#contents.has(id)) {
      throw new TypeError(`stream ${id} is named twice`);
    }
    this.#count();
    const inner = kind === "Promise"
      ? new InnerPromise(id, this.#supply)
      : kind === "AsyncIterable"
      ? new InnerIteration(id, this.#supply)
      : new InnerStream(id, this.#supply, isBytes);
    this.#open.set(id, inner);
    this.#named.push(inner);
    return inner.value;
  }

  #blob(kind: "Blob" | "File", header: unknown): Blob {
    const [id, size, type, name, lastModified] = Array.isArray(header)
      ? header
      : [];
    if (typeof type !== "string") throw new TypeError("it has no type");
    const content = this.#contents.get(id) ?? { frames: [], size: 0 };
    if (content.size !== size) {
      throw new TypeError(`${content.size} of its bytes have come`);
    }
    if (this.#contents.has(id)) this.#forget(id);
    if (kind === "Blob") return new Blob(content.frames, { type });
    if (typeof name !== "string" || typeof lastModified !== "number") {
      throw new TypeError("it has no name, or no time");
    }
    return new File(content.frames, name, { type, lastModified });
  }
}

/** The message without what makes it a part. */
function valuesIn({ header, frames }: Message): Message {
  const { stream: _, part: __, ...rest } = header;
  return { header: rest, frames };
}

function textOf({ frames }: Message): string {
  return frames.map((frame) => new TextDecoder().decode(frame)).join("\n");
}

function dropAll(inners: readonly Inner[]): void {
  for (const inner of inners) inner.drop(new TypeError("It was never read"));
}

function fail(message: string): never {
  throw new FormatError(STAGE, message);
}
