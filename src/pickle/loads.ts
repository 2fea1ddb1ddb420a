import type { Bytes } from "../types.ts";
import { defaultGlobals } from "./default_globals.ts";
import { Machine } from "./machine.ts";
import type { PickleLoadOptions } from "./options.ts";
import { replaceAll } from "./replace.ts";
import { run } from "./run.ts";
import { Strings } from "./strings.ts";

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

/**
 * Reads many small pickles, as {@linkcode loads} does one: what is made ready for the first is used for the others, and text
 * is made of the bytes of many of them at once, if they are in one buffer.
 */
export class Loader {
  readonly #options: PickleLoadOptions;
  #machine: Machine | undefined;
  #bytes: Bytes = new Uint8Array(0);
  #strings: Strings = new Strings(this.#bytes);

  constructor(options: PickleLoadOptions) {
    this.#options = options;
  }

  /** The value of a pickle. */
  load(pickle: Bytes, buffers: readonly unknown[]): unknown {
    const machine = this.#ready();
    if (buffers.length > 0) machine.buffers = buffers[Symbol.iterator]();
    const { buffer, byteOffset, length } = pickle;
    if (buffer !== this.#bytes.buffer) {
      this.#bytes = new Uint8Array(buffer);
      this.#strings = new Strings(this.#bytes);
    }
    machine.origin = -byteOffset;
    machine.at = byteOffset;
    machine.size = length;
    const end = byteOffset + length;
    if (!run(machine, this.#bytes, this.#strings, end)) {
      throw machine.truncated();
    }
    const value = resultOf(machine);
    this.#machine = buffers.length === 0 && machine.reset()
      ? machine
      : undefined;
    return value;
  }

  /** One that reads at the moment, or has failed, is left alone. */
  #ready(): Machine {
    const machine = this.#machine;
    this.#machine = undefined;
    const { globals = defaultGlobals } = this.#options;
    if (machine) return machine;
    const made = new Machine(this.#options, globals);
    made.keys = [];
    return made;
  }
}

/** What the machine came to. */
export function resultOf(machine: Machine): unknown {
  const { result, replaced, stale } = machine;
  if (stale) return replaceAll(result, replaced);
  if (replaced.size === 0) return result;
  return typeof result === "object" && result !== null
    ? replaced.get(result) ?? result
    : result;
}
