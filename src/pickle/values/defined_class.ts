import type { PickleClass } from "../globals.ts";
import { PyGlobal } from "./object.ts";

/**
 * A Python class that a pickle itself describes, as cloudpickle does with those of the script it runs in. Its methods are
 * bytecode, which is only kept.
 *
 * @example
 * ```ts
 * import { PyDefinedClass } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(`${new PyDefinedClass("__main__", "Point", [])}`, "__main__.Point");
 * ```
 */
export class PyDefinedClass extends PyGlobal {
  /** The classes it is derived from. */
  readonly bases: readonly unknown[];
  /** Its attributes. */
  readonly attributes: Map<string, unknown> = new Map();
  /** What it stands for here, if not for inert objects. */
  readonly meaning: PickleClass | undefined;

  /**
   * Makes one of its parts.
   *
   * @param module The module.
   * @param name The name in it.
   * @param bases The classes it is derived from.
   * @param meaning What it stands for here.
   */
  constructor(
    module: string,
    name: string,
    bases: readonly unknown[],
    meaning?: PickleClass,
  ) {
    super(module, name);
    this.bases = bases;
    this.meaning = meaning;
  }
}
