import { toBase64 } from "../base64.ts";
import { FormatError, LimitError } from "../errors.ts";
import type { Batch, Family } from "../family.ts";
import { isPlain, isWithinDepth } from "../plain.ts";
import type { Registry } from "../registry.ts";
import { Frames, refuseFrame } from "../tree/frames.ts";
import { revive } from "../tree/revive.ts";
import { spell } from "../tree/spell.ts";
import { told } from "../told.ts";
import type { Bytes, Header, Message } from "../types.ts";
import { parseJson } from "./parse.ts";

/** Options for {@linkcode json}. */
export interface JsonOptions {
  /** Keep the bytes of typed arrays in the text, as base64: for framings that have one frame only. @default {false} */
  readonly inline?: boolean;
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

const encoder = new TextEncoder();

/**
 * The family `json`: the first frame is JSON text, the bytes of typed arrays are the frames after it. A message of many
 * values holds them in an array.
 *
 * Plain data goes through the runtime's own `JSON` as a whole; a value that holds anything else is spelled as the module
 * comment of `src/tree/tags.ts` shows, and its header says `tagged`.
 *
 * @param options Whether bytes go into the text, and limits.
 * @returns The family, for `registry.addFamily` or `serialize({ family })`.
 *
 * @example
 * ```ts
 * import { defaultRegistry, json } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const value = { when: new Date(0), data: new Uint8Array([1, 2, 3]) };
 * const { frames } = defaultRegistry.serialize(value, { family: json({ inline: true }) });
 * equal(
 *   new TextDecoder().decode(frames[0]),
 *   '{"when":{"$Date":[0]},"data":{"$Uint8Array":[null,"AQID"]}}',
 * );
 * ```
 */
export function json(
  { inline = false, references, maxDepth: defaultDepth = 1_000 }: JsonOptions =
    {},
): Family {
  return {
    name: "json",
    batch: (registry) =>
      new JsonBatch(registry, inline, references && Infinity),
    deserialize(
      { header, frames: [first, ...frames] },
      registry,
      { maxDepth = defaultDepth } = {},
    ) {
      if (!first) throw new FormatError("json", "the message has no frame");
      const values = valuesOf(parseJson("json", first, 0), header);
      // The array around the values is one level more.
      const depth = maxDepth + 1;
      if (header.tagged) {
        const left = new Frames(frames);
        const revived = revive(values, {
          stage: "json",
          registry,
          frames: left,
          single: header.values === undefined,
          maxDepth: depth,
        });
        left.end("json");
        return revived as unknown[];
      }
      if (frames.length > 0) refuseFrame("json", 0);
      if (first.length > 2 * maxDepth && !isWithinDepth(values, depth)) {
        throw new LimitError("json", "depth", maxDepth + 1, maxDepth);
      }
      return values;
    },
  };
}

function valuesOf(tree: unknown, { values }: Header): unknown[] {
  if (values === undefined) return [tree];
  if (Array.isArray(tree) && tree.length === values) return tree;
  throw new FormatError(
    "json",
    `the frame does not hold ${told(values)} values`,
  );
}

class JsonBatch implements Batch {
  readonly #registry: Registry;
  readonly #inline: boolean;
  readonly #maxMet: number | undefined;
  #texts: string[] = [];
  #length = 0;
  #frames: Bytes[] = [];
  #frameBytes = 0;
  #tagged = false;

  constructor(registry: Registry, inline: boolean, maxMet?: number | false) {
    this.#registry = registry;
    this.#maxMet = maxMet || undefined;
    this.#inline = inline;
  }

  get size(): number {
    return this.#length + this.#frameBytes;
  }

  get count(): number {
    return this.#texts.length;
  }

  add(value: unknown): void {
    const plain = isPlain(value, this.#maxMet);
    const text = JSON.stringify(plain ? value : this.#spell(value));
    this.#texts.push(text);
    this.#length += text.length + 1;
  }

  take(): Message {
    const texts = this.#texts;
    const text = texts.length === 1 ? texts[0]! : `[${texts.join(",")}]`;
    const message = {
      header: {
        serializer: "json",
        ...texts.length !== 1 && { values: texts.length },
        ...this.#tagged && { tagged: true },
      },
      frames: [encoder.encode(text), ...this.#frames],
    };
    this.#texts = [];
    this.#length = 0;
    this.#frames = [];
    this.#frameBytes = 0;
    this.#tagged = false;
    return message;
  }

  #spell(value: unknown): unknown {
    const first = this.#frames.length;
    const { tree, frames } = spell(
      value,
      this.#registry,
      (i, frame) => this.#inline ? toBase64(frame) : first + i,
    );
    this.#tagged = true;
    if (this.#inline) return tree;
    for (const frame of frames) {
      this.#frames.push(frame);
      this.#frameBytes += frame.length;
    }
    return tree;
  }
}
