import type { DaskKey } from "./keys.ts";

/**
 * A connection that could not be made, or that is gone: refused, cut, closed by the other side, or silent for too long.
 *
 * @example
 * ```ts
 * import { CommClosedError, connect } from "@brine/brine/dask";
 * import { rejects } from "node:assert/strict";
 *
 * await rejects(connect("tcp://127.0.0.1:1"), CommClosedError);
 * ```
 */
export class CommClosedError extends Error {
  /** The name of the class, which minifiers do not change. */
  override readonly name = "CommClosedError";
  /** The address of the other side. */
  readonly address: string;

  /**
   * For connections of one's own.
   *
   * @param address The address of the other side.
   * @param message What happened.
   * @param options The error that caused this one, if any.
   */
  constructor(address: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.address = address;
  }
}

/**
 * Keys that no worker holds, nor will: never heard of, forgotten, cancelled, or lost with the last worker that held them.
 *
 * @example
 * ```ts
 * import { LostKeyError } from "@brine/brine/dask";
 * import { equal } from "node:assert/strict";
 *
 * const error = new LostKeyError(["x", ["x", 0]], "nobody has heard of them");
 * equal(error.message, 'Cannot gather "x", ["x",0]: nobody has heard of them');
 * ```
 */
export class LostKeyError extends Error {
  /** The name of the class, which minifiers do not change. */
  override readonly name = "LostKeyError";
  /** The keys. */
  readonly keys: readonly DaskKey[];

  /**
   * Names the keys, the first few of them in its message.
   *
   * @param keys The keys.
   * @param reason Why they are not to be had.
   * @param options The error that caused this one, if any.
   */
  constructor(
    keys: readonly DaskKey[],
    reason: string,
    options?: ErrorOptions,
  ) {
    const named = keys.slice(0, 3).map((key) =>
      JSON.stringify(key).slice(0, 80)
    ).join(", ");
    const more = keys.length > 3 ? ` and ${keys.length - 3} more` : "";
    super(`Cannot gather ${named}${more}: ${reason}`, options);
    this.keys = keys;
  }
}
