import { SerializeError } from "../errors.ts";
import { liveKindOf } from "../live_kind.ts";
import type { Registry } from "../registry.ts";
import type { Parts, Serialization } from "../serialization.ts";
import { typeName } from "./ordinary.ts";

/** The serialization for a value, or an error with its path. */
export function serializationOf(
  value: unknown,
  registry: Registry,
  path: () => string,
): Serialization {
  const serialization = registry.find(value);
  if (serialization) return serialization;
  const hint = liveKindOf(value) ? ": serializeLive() keeps it" : "";
  throw new SerializeError(
    `no serialization is registered for its type, ${typeName(value)}${hint}`,
    path(),
  );
}

/** What a value is taken apart into, or an error with its path. */
export function partsOf(
  value: unknown,
  serialization: Serialization,
  path: () => string,
): Parts {
  try {
    return serialization.serialize(value);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SerializeError(message, path(), { cause });
  }
}
