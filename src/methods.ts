import type { Parts } from "./serialization.ts";

/**
 * The keys of two methods: a class that has both is registered without further functions.
 *
 * @example
 * ```ts
 * import { brine, defaultRegistry, type Parts, Registry } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * class Point {
 *   constructor(readonly x: number, readonly y: number) {}
 *   static [brine.deserialize]({ header }: Required<Parts>): Point {
 *     const [x, y] = header as [number, number];
 *     return new Point(x, y);
 *   }
 *   [brine.serialize](): Parts {
 *     return { header: [this.x, this.y] };
 *   }
 * }
 * const registry = new Registry(defaultRegistry).registerSerialization(Point);
 * const point = new Point(1, 2);
 * deepEqual(registry.deserialize(registry.serialize(point)), point);
 * ```
 */
export class brine {
  /** Takes an instance apart. */
  static readonly serialize: unique symbol = Symbol.for("brine.serialize");
  /** Puts an instance together; of a static method. */
  static readonly deserialize: unique symbol = Symbol.for("brine.deserialize");

  // There are no instances of it: only such names of symbols does the compiler take for those of methods.
  private constructor() {}
}

/** A value with the method that takes it apart. */
export interface Serializable {
  /** Takes it apart. */
  [brine.serialize](): Parts;
}

/** A class with both methods. */
export interface SerializableClass<T extends Serializable = Serializable> {
  /** What the instances inherit from. */
  readonly prototype: T;
  /** The name on the wire, if no other is given. */
  readonly name?: string;
  /** Puts an instance together. */
  [brine.deserialize](parts: Required<Parts>): T;
}
