import { refuseAtOnce } from "./family_name.ts";
import { brine, type SerializableClass } from "./methods.ts";
import { describe, type StandardSchema } from "./schema.ts";
import type {
  Class,
  Parts,
  RegisterOptions,
  Serialization,
} from "./serialization.ts";

/** The serialization that registering a class amounts to. */
export function serializationFrom<T>(
  type: Class<T>,
  serialize: ((value: T) => Parts) | undefined,
  deserialize: ((parts: Required<Parts>, begun?: T) => T) | undefined,
  options: RegisterOptions<T>,
): Serialization<T> {
  const { name = type.name, serializeAsync, create, schema } = options;
  if (!name) {
    throw new TypeError("Cannot register a class without a name: give one");
  }
  const methods = type as Partial<SerializableClass>;
  const own = brine.serialize in (type.prototype as object)
    ? (value: T) => (value as SerializableClass["prototype"])[brine.serialize]()
    : undefined;
  const from = serialize ?? own ?? (serializeAsync && refuseAtOnce);
  const to = deserialize ??
    (methods[brine.deserialize]
      ? (parts) => methods[brine.deserialize]!(parts) as T
      : undefined);
  if (!from || !to) {
    const what = from ? "deserializes" : "serializes";
    throw new TypeError(`Cannot register "${name}": nothing ${what} it`);
  }
  return {
    type: name,
    class: type,
    serialize: from,
    ...serializeAsync && { serializeAsync },
    ...create && { create },
    deserialize: schema ? checked(to, schema) : to,
  };
}

function checked<T>(
  deserialize: (parts: Required<Parts>, begun?: T) => T,
  schema: StandardSchema,
): (parts: Required<Parts>, begun?: T) => T {
  return (parts, begun) => {
    const value = deserialize(parts, begun);
    const result = schema["~standard"].validate(value);
    if (result instanceof Promise) {
      throw new TypeError("its schema is asynchronous: validate() takes such");
    }
    if (result.issues) throw new TypeError(describe(result.issues).message);
    return value;
  };
}
