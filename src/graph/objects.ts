import { reasonOf } from "../told.ts";
import type { Bytes } from "../types.ts";
import type { Fail, TypeDefinition } from "./definitions.ts";

/** Stands for an object that cannot be referred to yet. */
const UNBUILT = Symbol("unbuilt");

/** The objects of a graph, by their numbers, as they are read. */
export class Objects {
  readonly #all: unknown[] = [];
  readonly #fail: Fail;

  constructor(fail: Fail) {
    this.#fail = fail;
  }

  /** An object that can be referred to from now on. */
  add(object: unknown): void {
    this.#all.push(object);
  }

  /** Begins a value of a type: gives its number, or -1 if it is no object. */
  begin({ serialization: { create }, isObject }: TypeDefinition): number {
    if (!isObject) return -1;
    return this.#all.push(create ? create() : UNBUILT) - 1;
  }

  /** The object of that number, which has to be there. */
  get(number: number): unknown {
    if (number >= this.#all.length) {
      this.#fail(`there is no object ${number} yet`);
    }
    const object = this.#all[number];
    if (object === UNBUILT) {
      this.#fail(`object ${number} contains itself, which its type cannot`);
    }
    return object;
  }

  /** Puts a value of a type together that has been begun. */
  build(
    { serialization }: TypeDefinition,
    number: number,
    header: unknown,
    frames: readonly Bytes[],
  ): unknown {
    const begun = number >= 0 ? this.#all[number] : UNBUILT;
    let value: unknown;
    try {
      value = begun === UNBUILT
        ? serialization.deserialize({ header, frames })
        : serialization.deserialize({ header, frames }, begun);
    } catch (cause) {
      const { type } = serialization;
      this.#fail(`${type} cannot be made of it: ${reasonOf(cause)}`, cause);
    }
    if (number >= 0) this.#all[number] = value;
    return value;
  }
}
