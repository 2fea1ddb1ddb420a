import { Encoder } from "@msgpack/msgpack";
import { GrowingBuffer } from "../bytes.ts";
import { FormatError } from "../errors.ts";
import type { Batch, Family } from "../family.ts";
import { isPlain, isWellFormed } from "../plain.ts";
import type { Registry } from "../registry.ts";
import { refuseFrame, revive } from "../tree/revive.ts";
import { spell } from "../tree/spell.ts";
import { told } from "../told.ts";
import type { Bytes, Header, Message } from "../types.ts";
import { readMsgpack } from "./read.ts";

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

/** A tag adds two levels; an array around a batch, one. */
const encoderDepth = (maxDepth: number) => 3 * maxDepth + 4;
/** Where an array of any length has its length: 0xdd and 32 bits. */
const ARRAY_HEADER = 5;

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
      // The array around a batch is one level more.
      const plain = header.values === undefined ? maxDepth : maxDepth + 1;
      const depth = header.tagged ? encoderDepth(maxDepth) : plain;
      let tree = readMsgpack("msgpack", first, depth);
      const values = valuesOf(tree, header);
      if (!header.tagged) {
        if (frames.length > 0) refuseFrame("msgpack", 0);
        return values;
      }
      tree = values;
      return revive(tree, {
        stage: "msgpack",
        registry,
        frames,
        single: header.values === undefined,
        maxDepth: maxDepth + 1,
      }) as unknown[];
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
  readonly #encoder: Encoder;
  readonly #text = new GrowingBuffer();
  #frames: Bytes[] = [];
  #frameBytes = 0;
  #tagged = false;

  constructor(registry: Registry, maxMet?: number | false) {
    this.#registry = registry;
    this.#maxMet = maxMet || undefined;
    this.#encoder = new Encoder({ maxDepth: Infinity });
  }

  get size(): number {
    return this.#text.length + this.#frameBytes;
  }

  add(value: unknown): void {
    const tree = isPlain(value, this.#maxMet) && isWellFormed(value)
      ? value
      : this.#spell(value);
    if (this.#text.length === 0) {
      this.#text.append(new Uint8Array(ARRAY_HEADER));
    }
    this.#text.append(this.#encoder.encodeSharedRef(tree));
    this.count++;
  }

  take(): Message {
    const { count } = this;
    if (count === 0) this.#text.append(new Uint8Array(ARRAY_HEADER));
    const all = this.#text.take();
    if (count !== 1) {
      all[0] = 0xdd;
      new DataView(all.buffer).setUint32(1, count);
    }
    const first = count === 1 ? all.subarray(ARRAY_HEADER) : all;
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

  #spell(value: unknown): unknown {
    const first = this.#frames.length;
    const { tree, frames } = spell(value, this.#registry, (i) => first + i);
    for (const frame of frames) {
      this.#frames.push(frame);
      this.#frameBytes += frame.length;
    }
    this.#tagged = true;
    return tree;
  }
}
