import type { Bytes } from "../types.ts";
import { defaultGlobals } from "./default_globals.ts";
import { Machine } from "./machine.ts";
import type { PickleLoadOptions } from "./options.ts";
import { replaceAll } from "./replace.ts";
import { run } from "./run.ts";

/**
 * The value of a pickle, of any protocol. Nothing in it is imported or called: the names that are known become values of
 * the classes of this module, the others inert records. Bytes and arrays are views of the input unless `copy` is set.
 *
 * @param pickle The pickle; what follows it is ignored, as Python does.
 * @param options What values become, which names are known, and limits.
 * @returns The value.
 * @throws {FormatError} If it is not a pickle, with the offset of the instruction; {@linkcode TruncatedError} if it is cut.
 * @throws {LimitError} If it asks for more than the limits allow.
 * @throws {UnknownNameError} If it names what is not known, and `unknown` is `"refuse"`.
 *
 * @example
 * ```ts
 * import { loads, PyTuple } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * // pickle.dumps({"a": (1, 2.5)}, 2)
 * const pickle = Uint8Array.fromBase64("gAJ9cQBYAQAAAGFxAUsBR0AEAAAAAAAAhnECcy4=");
 * deepEqual(loads(pickle), { a: PyTuple.of(1, 2.5) });
 * ```
 */
export function loads(
  pickle: Uint8Array<ArrayBuffer>,
  options: PickleLoadOptions = {},
): unknown {
  const machine = new Machine(options, options.globals ?? defaultGlobals);
  machine.size = pickle.length;
  if (!run(machine, pickle as Bytes)) throw machine.truncated();
  return resultOf(machine);
}

/** What the machine came to. */
export function resultOf(machine: Machine): unknown {
  const { result, replaced, stale } = machine;
  if (stale) return replaceAll(result, replaced);
  return typeof result === "object" && result !== null
    ? replaced.get(result) ?? result
    : result;
}
