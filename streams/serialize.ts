/**
 * Values to messages.
 *
 * @module
 */
import { lazyRegistry } from "../src/lazy_registry.ts";
import type { Batch, Family } from "../src/family.ts";
import type { Registry } from "../src/registry.ts";
import type { Message } from "../src/types.ts";
import { deserialized } from "./_deserialized.ts";
import { type Gatherer, GatherStream, many, one } from "./_gather_stream.ts";
import { PullStream } from "./_pull_stream.ts";
import type { Stage } from "./stage.ts";

/** Options for {@linkcode serialize} and its streams. */
export interface SerializeStreamOptions {
  /** The types and families that there are. @default {defaultRegistry} */
  readonly registry?: Registry;
  /** The family that writes the values: a registered one, by name, or any. @default {"json"} */
  readonly family?: string | Family;
  /** A message is sent when it has this many bytes. @default {262_144} */
  readonly maxBytes?: number;
  /** A message is sent when it has this many values. @default {65_536} */
  readonly maxValues?: number;
  /** A message is sent this many milliseconds after its first value, however small it is. @default {25} */
  readonly maxDelay?: number;
  /** At the reader: arrays and objects within each other. @default {1_000} */
  readonly maxDepth?: number;
}

/**
 * Values to messages, many values a message: see {@linkcode serialize}.
 *
 * @example
 * ```ts
 * import { SerializeStream } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const messages = ReadableStream.from([1, 2, 3]).pipeThrough(new SerializeStream());
 * for await (const { header } of messages) equal(header.values, 3);
 * ```
 */
export class SerializeStream<T = unknown> extends GatherStream<T, T, Message> {
  /**
   * Takes values; gives messages of many.
   *
   * @param options Family, registry, and the size of a message.
   */
  constructor(options: SerializeStreamOptions = {}) {
    super(gathererOf(options), one, gatherOptions(options));
  }
}

/**
 * Batches of values to messages: see {@linkcode serializeBatches}.
 *
 * @example
 * ```ts
 * import { SerializeBatchesStream } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const batches = ReadableStream.from([[1, 2], [3]]);
 * const messages = batches.pipeThrough(new SerializeBatchesStream());
 * for await (const { header } of messages) equal(header.values, 3);
 * ```
 */
export class SerializeBatchesStream<T = unknown>
  extends GatherStream<readonly T[], T, Message> {
  /**
   * Takes batches; gives messages of many values.
   *
   * @param options Family, registry, and the size of a message.
   */
  constructor(options: SerializeStreamOptions = {}) {
    super(gathererOf(options), many, gatherOptions(options));
  }
}

/**
 * Messages to the values in them: see {@linkcode serialize}.
 *
 * @example
 * ```ts
 * import { defaultRegistry, DeserializeStream } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const messages = ReadableStream.from([defaultRegistry.serialize(1n), defaultRegistry.serialize(2n)]);
 * const values = [];
 * for await (const value of messages.pipeThrough(new DeserializeStream())) values.push(value);
 * deepEqual(values, [1n, 2n]);
 * ```
 */
export class DeserializeStream<T = unknown> extends PullStream<Message, T> {
  /**
   * Takes messages; gives their values one by one.
   *
   * @param options The registry, and how deep; the family stands in each message.
   */
  constructor(
    { registry = lazyRegistry, maxDepth }: SerializeStreamOptions = {},
  ) {
    let message: Message | undefined;
    super({
      push: (next) => void (message = next),
      end() {},
      next() {
        if (!message) return undefined;
        const values = deserialized<T>(message, registry, maxDepth);
        message = undefined;
        return values;
      },
    });
  }
}

/**
 * Messages to batches, each the values of one message: see {@linkcode serializeBatches}.
 *
 * @example
 * ```ts
 * import { defaultRegistry, DeserializeBatchesStream } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const messages = ReadableStream.from([defaultRegistry.serialize("a")]);
 * for await (const batch of messages.pipeThrough(new DeserializeBatchesStream())) {
 *   deepEqual(batch, ["a"]);
 * }
 * ```
 */
export class DeserializeBatchesStream<T = unknown>
  extends TransformStream<Message, readonly T[]> {
  /**
   * Takes messages; gives the values of each as a batch.
   *
   * @param options The registry, and how deep; the family stands in each message.
   */
  constructor(
    { registry = lazyRegistry, maxDepth }: SerializeStreamOptions = {},
  ) {
    super({
      transform(message, controller) {
        const give = (batch: readonly T[]) => {
          if (batch.length > 0) controller.enqueue(batch);
        };
        const values = deserialized<T>(message, registry, maxDepth);
        return values instanceof Promise ? values.then(give) : give(values);
      },
    });
  }
}

/**
 * Values to messages, and back. A message carries as many values as make it worth its header: until it has `maxBytes`
 * bytes, or `maxValues` values, or `maxDelay` milliseconds are over.
 *
 * @typeParam T The type of the values; it is not checked.
 * @param options Family, registry, and the size of a message.
 * @returns A stage named `serialize`.
 * @throws {SerializeError} From the encoder, for a value that could not come back as it was.
 * @throws {FormatError} From the decoder, for a message that its family does not understand.
 *
 * @example
 * ```ts
 * import { serialize } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const { writable, readable } = serialize().encoder();
 * const writer = writable.getWriter();
 * for (const value of [1, "two", new Date(3)]) writer.write(value);
 * writer.close();
 *
 * const headers = [];
 * for await (const { header } of readable) headers.push(header);
 * deepEqual(headers, [{ serializer: "json", values: 3, tagged: true }]);
 * ```
 */
export function serialize<T = unknown>(
  options?: SerializeStreamOptions,
): Stage<T, Message> {
  return {
    name: "serialize",
    encoder: () => new SerializeStream<T>(options),
    decoder: () => new DeserializeStream<T>(options),
  };
}

/**
 * Batches of values to messages, and back: as {@linkcode serialize}, without a hop for every value. How values are grouped
 * on one side says nothing of how they are on the other.
 *
 * @typeParam T The type of the values; it is not checked.
 * @param options Family, registry, and the size of a message.
 * @returns A stage named `serialize`.
 *
 * @example
 * ```ts
 * import { dumps, frames, loads, pipe, serializeBatches } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const wire = pipe(serializeBatches<number>(), frames());
 * deepEqual(await loads(await dumps([1, 2, 3], wire), wire), [1, 2, 3]);
 * ```
 */
export function serializeBatches<T = unknown>(
  options?: SerializeStreamOptions,
): Stage<readonly T[], Message> {
  return {
    name: "serialize",
    encoder: () => new SerializeBatchesStream<T>(options),
    decoder: () => new DeserializeBatchesStream<T>(options),
  };
}

function gatherOptions(
  { maxBytes = 2 ** 18, maxDelay = 25 }: SerializeStreamOptions,
): { maxBytes: number; maxDelay: number } {
  return { maxBytes, maxDelay };
}

/** A batch that counts as full when it has all the values it may have. */
function gathererOf<T>(
  {
    registry = lazyRegistry,
    family = "json",
    maxValues = 65_536,
  }: SerializeStreamOptions,
): Gatherer<T, Message> {
  const writer = typeof family === "string" ? registry.family(family) : family;
  const values: Batch = writer.batch(registry);
  return {
    load: () => writer.load?.(),
    get size() {
      return values.count >= maxValues ? Infinity : values.size;
    },
    add: (value) => values.add(value),
    take: () => values.take(),
  };
}
