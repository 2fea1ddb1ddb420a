import { SerializeError } from "../errors.ts";
import { liveKindOf } from "../live_kind.ts";
import type { Parts, Serialization } from "../serialization.ts";
import { typeName } from "./ordinary.ts";

/** The error, with its path, for a value that there is no serialization for. */
export function refuseType(value: unknown, path: () => string): never {
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
