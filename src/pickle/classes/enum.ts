import type { PickleClass } from "../globals.ts";
import { PyEnum, type PyGlobal } from "../values/object.ts";
import { PyInt } from "../values/number.ts";
import { Refusal } from "./_refusal.ts";

/** An enum whose members are known. */
export class PickleEnum implements PickleClass {
  readonly #module: string;
  readonly #name: string;
  readonly #members: ReadonlyMap<string, unknown>;

  constructor(
    module: string,
    name: string,
    members: ReadonlyMap<string, unknown>,
  ) {
    this.#module = module;
    this.#name = name;
    this.#members = members;
  }

  /** The member of a value. */
  call(args: readonly unknown[]): PyEnum {
    return this.of(args[0]);
  }

  /** The member of that name. */
  member(name: string): PyEnum | Refusal {
    if (!this.#members.has(name)) return new Refusal();
    return this.#make(name, this.#members.get(name));
  }

  /** The member of that value, or of flags joined to it. */
  of(value: unknown): PyEnum {
    for (const [name, known] of this.#members) {
      if (isSame(known, value)) return this.#make(name, known);
    }
    const flags = typeof value === "number" && value >= 0
      ? this.#flags(value)
      : undefined;
    if (flags === undefined) throw new RangeError("no member has that value");
    return this.#make(flags, value);
  }

  /** The names of the flags that make up a value, if there are such. */
  #flags(value: number): string | undefined {
    const names: string[] = [];
    let rest = value;
    for (const [name, bit] of this.#members) {
      if (typeof bit !== "number" || (bit & (bit - 1)) !== 0) return undefined;
      if ((value & bit) === 0) continue;
      names.push(name);
      rest &= ~bit;
    }
    return rest === 0 ? names.join("|") : undefined;
  }

  #make(member: string, value: unknown): PyEnum {
    const made = new PyEnum(this.#module, this.#name, { member, value });
    enums.set(made, this);
    return made;
  }
}

/** Of classes and members, the enum. */
const enums = new WeakMap<object, PickleEnum>();

/** The enum of a class or a member, where its members are known. */
export function enumOf(of: PyGlobal | PyEnum): PickleEnum | undefined {
  return enums.get(of);
}

/** Lets `enumOf` know a class. */
export function knowEnum(type: object, members: PickleEnum): void {
  enums.set(type, members);
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof PyInt) return isSame(a.value, b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => item === b[i]);
  }
  return typeof a === "bigint" && typeof b === "number" && a === BigInt(b);
}

/**
 * What an enum of one's own stands for: its members, as {@linkcode PyEnum}s. Flags may be joined.
 *
 * @param module The module of the class.
 * @param name The qualified name of the class.
 * @param members Names and values.
 * @returns What to add to the globals under that name.
 *
 * @example
 * ```ts
 * import { defaultGlobals, enumClass, loads, PickleGlobals } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const globals = new PickleGlobals(defaultGlobals)
 *   .add("paint", "Color", enumClass("paint", "Color", { RED: 1, GREEN: 2 }));
 * const pickle = new TextEncoder().encode("cpaint\nColor\n(I2\ntR.");
 * equal((loads(pickle, { globals }) as { member: string }).member, "GREEN");
 * ```
 */
export function enumClass(
  module: string,
  name: string,
  members: Readonly<Record<string, unknown>>,
): PickleClass {
  return new PickleEnum(module, name, new Map(Object.entries(members)));
}
