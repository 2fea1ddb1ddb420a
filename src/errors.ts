/**
 * The errors of this library. There are six, each over the built-in class that fits best, so that `instanceof`
 * works with either. Errors of a stream's source and sink are not among them: those pass through as they are.
 *
 * @module
 */

/** Where in the input a decoder stood, and what made it stop. */
export interface PositionOptions extends ErrorOptions {
  /** Bytes from the start of the input of the stage that failed. */
  readonly offset?: number | undefined;
  /** Path from the root of the value being decoded, such as `$.tags[2]`. */
  readonly path?: string | undefined;
}

/**
 * A value that cannot be serialized, and where it sits.
 *
 * @example
 * ```ts
 * import { defaultRegistry, SerializeError } from "@brine/brine";
 * import { throws } from "node:assert/strict";
 *
 * throws(
 *   () => defaultRegistry.serialize({ tags: [() => 1] }),
 *   (error) => error instanceof SerializeError && error.path === "$.tags[0]",
 * );
 * ```
 */
export class SerializeError extends TypeError {
  /** The name of the class, which minifiers do not change. */
  override readonly name = "SerializeError";
  /** Path from the root to the value, such as `$.user.tags[2]`. */
  readonly path: string;

  /**
   * For serializations of one's own.
   *
   * @param message What is wrong with the value.
   * @param path Path from the root to the value.
   * @param options The error that caused this one, if any.
   */
  constructor(message: string, path: string, options?: ErrorOptions) {
    super(`Cannot serialize the value at ${path}: ${message}`, options);
    this.path = path;
  }
}

/**
 * Input that is not what its format says it is.
 *
 * @example
 * ```ts
 * import { dumps, FormatError, loads } from "@brine/brine";
 * import { rejects } from "node:assert/strict";
 *
 * const bytes = await dumps({ a: 1 });
 * bytes[150]! ^= 1;
 * await rejects(
 *   loads(bytes),
 *   (error) => error instanceof FormatError && error.stage === "frames" && error.offset === 119,
 * );
 * ```
 */
export class FormatError extends SyntaxError {
  /** The name of the class, which minifiers do not change. */
  override readonly name: string = "FormatError";
  /** The stage that refused the input. */
  readonly stage: string;
  /** Bytes from the start of that stage's input, where known. */
  readonly offset: number | undefined;
  /** Path in the value being decoded, where known. */
  readonly path: string | undefined;

  /**
   * For stages and families of one's own.
   *
   * @param stage The stage that refused the input.
   * @param message What is wrong with it.
   * @param options Where, and the error that caused this one.
   */
  constructor(stage: string, message: string, options: PositionOptions = {}) {
    super(
      `Cannot decode ${stage}${position(options)}: ${message}`,
      causeOf(options),
    );
    this.stage = stage;
    this.offset = options.offset;
    this.path = options.path;
  }
}

/**
 * Input that stopped before its format said it would.
 *
 * @example
 * ```ts
 * import { dumps, loads, TruncatedError } from "@brine/brine";
 * import { rejects } from "node:assert/strict";
 *
 * const bytes = await dumps({ a: 1 });
 * await rejects(loads(bytes.subarray(0, -1)), TruncatedError);
 * ```
 */
export class TruncatedError extends FormatError {
  /** The name of the class, which minifiers do not change. */
  override readonly name = "TruncatedError";
}

/**
 * A name, read from a header or given by a caller, that nothing is registered under.
 *
 * @example
 * ```ts
 * import { defaultRegistry, UnknownNameError } from "@brine/brine";
 * import { throws } from "node:assert/strict";
 *
 * throws(() => defaultRegistry.family("yaml"), UnknownNameError);
 * ```
 */
export class UnknownNameError extends RangeError {
  /** The name of the class, which minifiers do not change. */
  override readonly name = "UnknownNameError";
  /** The name that is not known. */
  readonly unknown: string;
  /** Path in the value being decoded, where the name was met in one. */
  readonly path: string | undefined;

  /**
   * For look-ups of one's own.
   *
   * @param kind What was looked for: a codec, a family, a format, …
   * @param unknown The name that is not known.
   * @param known The names that are.
   * @param options Where the name was met.
   */
  constructor(
    kind: string,
    unknown: string,
    known: Iterable<string>,
    options: PositionOptions = {},
  ) {
    super(
      `Cannot find ${kind} ${quote(unknown)}${position(options)}: known are ${
        [...known].join(", ") || "none"
      }`,
      causeOf(options),
    );
    this.unknown = unknown;
    this.path = options.path;
  }
}

/**
 * Input larger, deeper or longer than the reader agreed to take.
 *
 * @example
 * ```ts
 * import { limit, LimitError } from "@brine/brine";
 * import { rejects } from "node:assert/strict";
 *
 * const input = new Blob(["four"]).stream().pipeThrough(limit(3).decoder());
 * await rejects(new Response(input).bytes(), LimitError);
 * ```
 */
export class LimitError extends RangeError {
  /** The name of the class, which minifiers do not change. */
  override readonly name = "LimitError";
  /** The stage that refused the input. */
  readonly stage: string;
  /** The amount that was met, or announced. */
  readonly actual: number;
  /** The amount that was agreed. */
  readonly limit: number;
  /** Bytes from the start of that stage's input, where known. */
  readonly offset: number | undefined;

  /**
   * For stages and families of one's own.
   *
   * @param stage The stage that refused the input.
   * @param what What there is too much of: bytes, frames, depth, …
   * @param actual The amount that was met, or announced.
   * @param limit The amount that was agreed.
   * @param options Where.
   */
  constructor(
    stage: string,
    what: string,
    actual: number,
    limit: number,
    options: PositionOptions = {},
  ) {
    super(
      `Cannot accept ${what} of ${actual} in ${stage}${
        position(options)
      }: the limit is ${limit}`,
      causeOf(options),
    );
    this.stage = stage;
    this.actual = actual;
    this.limit = limit;
    this.offset = options.offset;
  }
}

/**
 * A failure on the other side, which its writer put into the stream in place of what should have followed.
 *
 * @example
 * ```ts
 * import { defaultRegistry, errorMessage, RemoteError } from "@brine/brine";
 * import { throws } from "node:assert/strict";
 *
 * const message = errorMessage(new Error("the disk is full"));
 * throws(() => defaultRegistry.deserialize(message), RemoteError);
 * ```
 */
export class RemoteError extends Error {
  /** The name of the class, which minifiers do not change. */
  override readonly name = "RemoteError";
  /** Where on the other side it went wrong, as that side tells it; of Python, a traceback. */
  readonly traceback: string | undefined;

  /**
   * For families and connections of one's own.
   *
   * @param message What the other side says.
   * @param options Where it went wrong there, and the error itself, as far as it could be read.
   */
  constructor(message: string, options: RemoteErrorOptions = {}) {
    super(message, causeOf(options));
    this.traceback = options.traceback;
  }
}

/** What is known of a failure on the other side, besides its message. */
export interface RemoteErrorOptions extends ErrorOptions {
  /** Where on the other side it went wrong, as that side tells it. */
  readonly traceback?: string | undefined;
}

function position({ offset, path }: PositionOptions): string {
  const at = path === undefined ? "" : ` at ${path}`;
  return offset === undefined ? at : `${at} at byte ${offset}`;
}

/** Without this, `cause: undefined` would become an own property of every error. */
function causeOf({ cause }: ErrorOptions): ErrorOptions | undefined {
  return cause === undefined ? undefined : { cause };
}

/** Names from the input are shown, but never at any length. */
function quote(name: string): string {
  return JSON.stringify(name.length > 30 ? `${name.slice(0, 29)}…` : name);
}
