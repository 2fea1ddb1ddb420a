import { Encoder } from "@msgpack/msgpack";
import { FormatError } from "../errors.ts";
import type { Batch, Family } from "../family.ts";
import { isPlain, isWellFormed } from "../plain.ts";
import type { Registry } from "../registry.ts";
import { refuseFrame } from "../tree/frames.ts";
import { spellInto } from "../tree/spell.ts";
import { told } from "../told.ts";
import type { Bytes, Header, Message } from "../types.ts";
import { GraphPacker } from "./graph_packer.ts";
import { readMsgpack } from "./read.ts";
import { readTagged } from "./tagged.ts";
import { MsgpackWriter } from "./writer.ts";

/** Options for {@linkcode msgpack}. */
export interface MsgpackOptions {
  /**
   * Keep it in mind of every object, however many there are, so that one that is met twice comes back as one. Without, plain
   * data is looked at for that up to its 10,000th object, and other values whole. It costs about as much as to write JSON.
   *
   * @default {false}
   */
  readonly references?: boolean;
  /** Arrays and objects within each other, in what is read. @default {1_000} */
  readonly maxDepth?: number;
}

/** Where an array of any length has its length: 0xdd and 32 bits. */
const NO_LIST = new Uint8Array(5);

/**
 * The family `msgpack`: the first frame is msgpack, the bytes of typed arrays are the frames after it. A message of many
 * values holds them in an array. Python's `distributed` reads it as it is, and values that msgpack lacks as maps; but not
 * a message with frames of bytes, since it joins all frames before it reads.
 *
 * @param options The limits.
 * @returns The family, for `registry.addFamily` or `serialize({ family })`.
 *
 * @example
 * ```ts
 * import { defaultRegistry } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const value = { at: new Date(0), data: new Float32Array([1, 2]) };
 * const message = defaultRegistry.serialize(value, { family: "msgpack" });
 * deepEqual(defaultRegistry.deserialize(message), value);
 * ```
 */
export function msgpack(
  { references, maxDepth: defaultDepth = 1_000 }: MsgpackOptions = {},
): Family {
  return {
    name: "msgpack",
    batch: (registry) => new MsgpackBatch(registry, references && Infinity),
    deserialize(
      { header, frames: [first, ...frames] },
      registry,
      { maxDepth = defaultDepth } = {},
    ) {
      if (!first) throw new FormatError("msgpack", "the message has no frame");
      const { values, tagged } = header;
      if (tagged) {
        return readTagged(first, { registry, frames, values, maxDepth });
      }
      if (frames.length > 0) refuseFrame("msgpack", 0);
      // The array around a batch is one level more.
      const depth = values === undefined ? maxDepth : maxDepth + 1;
      return valuesOf(readMsgpack("msgpack", first, depth), header);
    },
  };
}

function valuesOf(tree: unknown, { values }: Header): unknown[] {
  if (values === undefined) return [tree];
  if (Array.isArray(tree) && tree.length === values) return tree;
  throw new FormatError(
    "msgpack",
    `the frame does not hold ${told(values)} values`,
  );
}

class MsgpackBatch implements Batch {
  count = 0;
  readonly #registry: Registry;
  readonly #maxMet: number | undefined;
  readonly #out = new MsgpackWriter();
  /** Of plain data and trees, which are looked at before; how deep they may be is said there. */
  readonly #encoder = new Encoder({ maxDepth: Infinity });
  #frames: Bytes[] = [];
  #frameBytes = 0;
  #tagged = false;

  constructor(registry: Registry, maxMet?: number | false) {
    this.#registry = registry;
    this.#maxMet = maxMet || undefined;
  }

  get size(): number {
    return this.count && this.#out.length + this.#frameBytes;
  }

  add(value: unknown): void {
    const out = this.#out;
    if (out.length === 0) out.append(NO_LIST);
    const start = out.length;
    try {
      if (isPlain(value, this.#maxMet) && isWellFormed(value)) {
        out.append(this.#encoder.encodeSharedRef(value));
      } else this.#spell(value);
    } catch (error) {
      out.truncate(start);
      throw error;
    }
    this.count++;
  }

  take(): Message {
    const { count } = this;
    if (this.#out.length === 0) this.#out.append(NO_LIST);
    const all = this.#out.take();
    if (count !== 1) {
      all[0] = 0xdd;
      new DataView(all.buffer).setUint32(1, count);
    }
    const first = count === 1 ? all.subarray(NO_LIST.length) : all;
    const message = {
      header: {
        serializer: "msgpack",
        ...count !== 1 && { values: count },
        ...this.#tagged && { tagged: true },
      },
      frames: [first, ...this.#frames],
    };
    this.count = 0;
    this.#frames = [];
    this.#frameBytes = 0;
    this.#tagged = false;
    return message;
  }

  #spell(value: unknown): void {
    const first = this.#frames.length;
    const out = this.#out;
    const start = out.length;
    const { tree, graph, frames } = spellInto(value, {
      registry: this.#registry,
      name: (i) => first + i,
      tokens() {
        out.truncate(start);
        return new GraphPacker(out);
      },
    });
    for (const frame of frames) {
      this.#frames.push(frame);
      this.#frameBytes += frame.length;
    }
    this.#tagged = true;
    if (graph) graph.end();
    else out.append(this.#encoder.encodeSharedRef(tree));
  }
}
