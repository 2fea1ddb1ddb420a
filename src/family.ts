import type { Message } from "./types.ts";
import type { Registry } from "./registry.ts";
import type { Parts } from "./serialization.ts";

/** Values on their way into one message. */
export interface Batch {
  /** Bytes so far, or close to it; 0 if there is no value yet. */
  readonly size: number;
  /** Values so far. */
  readonly count: number;
  /** Takes one more value in. */
  add(value: unknown): void;
  /** The message of all values taken in; the batch is empty again. */
  take(): Message;
}

/** The most that a reader of values accepts. */
export interface ValueLimits {
  /** Arrays and objects within each other. @default {1_000} */
  readonly maxDepth?: number | undefined;
}

/** A named method for any value. */
export interface Family {
  /** The name in a header's `serializer`. */
  readonly name: string;
  /** Loads what it needs, if it is not there yet; streams wait for that. See {@linkcode lazyFamily}. */
  load?(): Promise<void> | undefined;
  /** Begins a batch. */
  batch(registry: Registry): Batch;
  /** All values of a message of this family. */
  deserialize(
    message: Message,
    registry: Registry,
    limits?: ValueLimits,
  ): readonly unknown[];
}

/** The two functions that a family of your own is made of. Each message of it holds one value. */
export interface FamilyFunctions {
  /** Takes a value apart; the header is a map. */
  serialize(
    value: unknown,
    registry: Registry,
  ): Parts & { readonly header?: Readonly<Record<string, unknown>> };
  /** Puts the value together. */
  deserialize(
    message: Message,
    registry: Registry,
    limits?: ValueLimits,
  ): unknown;
}

/**
 * A family of your own, made of two functions. Each value becomes a message.
 *
 * @param name The name in a header's `serializer`.
 * @param functions How it takes a value apart and puts it together.
 * @returns The family, for `registry.addFamily` or `serialize({ family })`.
 *
 * @example Text as UTF-8, and nothing else
 * ```ts
 * import { defaultRegistry, familyOf, Registry } from "@brine/brine";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const text = familyOf("text", {
 *   serialize: (value) => ({ frames: [new TextEncoder().encode(String(value))] }),
 *   deserialize: ({ frames }) => new TextDecoder().decode(frames[0]),
 * });
 * const registry = new Registry(defaultRegistry).addFamily(text);
 *
 * const message = registry.serialize("salt", { family: "text" });
 * deepEqual(message.header, { serializer: "text" });
 * equal(registry.deserialize(message), "salt");
 * ```
 */
export function familyOf(
  name: string,
  { serialize, deserialize }: FamilyFunctions,
): Family {
  return {
    name,
    batch(registry) {
      const messages: Message[] = [];
      return {
        get size() {
          // Always enough: the next value starts the next message.
          return messages.length && Infinity;
        },
        get count() {
          return messages.length;
        },
        add(value) {
          const { header, frames = [] } = serialize(value, registry);
          messages.push({ header: { ...header, serializer: name }, frames });
        },
        take: () => messages.pop()!,
      };
    },
    deserialize: (message, registry, limits) => [
      deserialize(message, registry, limits),
    ],
  };
}
