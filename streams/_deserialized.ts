import type { Registry } from "../src/registry.ts";
import type { Message } from "../src/types.ts";

/** The values of a message; a promise, if its family has to be loaded first. */
export function deserialized<T>(
  message: Message,
  registry: Registry,
  maxDepth: number | undefined,
): readonly T[] | Promise<readonly T[]> {
  const values = () =>
    registry.deserializeBatch(message, { maxDepth }) as readonly T[];
  return registry.load(message)?.then(values) ?? values();
}
