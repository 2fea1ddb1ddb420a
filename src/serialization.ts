import type { StandardSchema } from "./schema.ts";
import type { Bytes } from "./types.ts";

/** A class, as far as a registry looks at it: what `instanceof` needs. */
export interface Class<T = unknown> {
  /** What the instances inherit from. */
  readonly prototype: T;
  /** The name on the wire, if no other is given. */
  readonly name?: string;
}

/** The kinds of primitives that plain data cannot hold, or of which it cannot hold every value. */
export type PrimitiveKind =
  | "undefined"
  | "number"
  | "bigint"
  | "string"
  | "symbol";

/** What one value is taken apart into. */
export interface Parts {
  /** A value that says all but the bytes; other values of any type may stand in it. */
  readonly header?: unknown;
  /** Bytes that travel beside the header, uncopied. */
  readonly frames?: readonly Bytes[];
}

/**
 * How the values of one class become a header and frames, and how they come back.
 *
 * `serialize` and `deserialize` are pure and synchronous. `serialize` neither changes the value nor copies its bytes;
 * `deserialize` may keep the frames it is given.
 */
export interface Serialization<T = unknown> {
  /** The type's name on the wire. */
  readonly type: string;
  /** The class whose values come here, with those of its subclasses; or a kind of primitive. */
  readonly class: Class<T> | PrimitiveKind;
  /** Takes a value apart. */
  serialize(value: T): Parts;
  /**
   * Takes a value apart that cannot be at once, because its bytes are elsewhere. Where there is one, `serializeLive()` uses
   * it in place of `serialize`; nobody else does. It is called once for each value, and the value has to stay as it is
   * until it settles.
   */
  serializeAsync?(value: T): Promise<Parts>;
  /**
   * Puts a value together; throws if the parts cannot be of this type.
   *
   * @param parts What `serialize` gave.
   * @param begun What `create` gave, if the value may be referred to from its own parts: then that is to be filled.
   */
  deserialize(parts: Required<Parts>, begun?: T): T;
  /** Begins a value that is filled later. Only values of types that have this may contain themselves. */
  create?(): T;
  /** Whether values of subclasses, which would come back as something less, are refused. @default {false} */
  readonly exact?: boolean;
}

/** Options for `registry.registerSerialization`. */
export interface RegisterOptions<T = unknown> {
  /** The type's name on the wire, if it is not the name of the class. Needed where names are minified. */
  readonly name?: string;
  /**
   * Takes a value apart that cannot be at once, because its bytes are elsewhere: for `serializeLive()`, which uses it in
   * place of `serialize`.
   */
  serializeAsync?(value: T): Promise<Parts>;
  /**
   * Begins a value, which the function that deserializes then gets beside the parts, and fills: so a value may contain
   * itself.
   */
  create?(): T;
  /** Checks what was put together, at once: the error says what is wrong, and where in the stream's value it stands. */
  readonly schema?: StandardSchema;
}
