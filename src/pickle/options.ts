import type { PickleGlobals } from "./globals.ts";

/** How much of what a pickle asks for is granted. What is announced is checked before anything is allocated. */
export interface PickleLimits {
  /**
   * Items on the stack, which is where the items of a tuple wait, and lists within lists.
   * @default 524,288, or half of the bytes read so far if that is more
   */
  readonly maxStack?: number | undefined;
  /**
   * Entries of the memo.
   * @default 1,048,576, or half of the bytes read so far if that is more
   */
  readonly maxMemo?: number | undefined;
  /** Bytes of an `int`. @default {65_536} */
  readonly maxIntBytes?: number | undefined;
  /** Digits of an `int` written as text, as in CPython. @default {4_300} */
  readonly maxDigits?: number | undefined;
}

/** What the values of a pickle become. */
export interface PickleValueOptions {
  /**
   * What an `int` becomes: a `number` as long as that is exact and a `bigint` past that; always a `bigint`; or always a
   * `number`, which past 2^53 is rounded. @default {"auto"}
   */
  readonly integers?: "auto" | "bigint" | "number" | undefined;
  /**
   * What a `float` becomes: a `number`; or, where it could be mistaken for an `int`, a `PyFloat`. @default {"number"}
   */
  readonly floats?: "number" | "wrap" | undefined;
  /**
   * What a `dict` becomes: an object if all keys are text and an object keeps their order, else a `Map`; an object if all
   * keys are text, even if some look like numbers and come first then; or always a `Map`. @default {"auto"}
   */
  readonly dicts?: "auto" | "object" | "map" | undefined;
  /**
   * What dates and times become: those of `Temporal` where the runtime has it and they lose nothing, else those of this
   * module; or always those of this module. @default {"temporal"}
   */
  readonly datetimes?: "temporal" | "python" | undefined;
  /**
   * What the text of Python 2 becomes, which is bytes without an encoding. @default {"ascii"}
   */
  readonly encoding?: "ascii" | "latin1" | "utf-8" | "bytes" | undefined;
  /** Whether `bytes` and arrays are copies, and not views of the input. @default {false} */
  readonly copy?: boolean | undefined;
}

/** Options for reading a pickle. */
export interface PickleLoadOptions extends PickleLimits, PickleValueOptions {
  /** The classes and functions that become values. @default those of Python's library, numpy and pandas */
  readonly globals?: PickleGlobals | undefined;
  /**
   * What is done with a name that is not among those: it becomes an inert `PyGlobal` or `PyObject`, or the pickle is
   * refused. Neither imports or calls anything. @default {"inert"}
   */
  readonly unknown?: "inert" | "refuse" | undefined;
  /** The buffers that travel apart from a pickle of protocol 5, in order. */
  readonly buffers?: Iterable<unknown> | undefined;
  /** What a persistent id stands for. @default they are refused */
  readonly persistentLoad?: ((id: unknown) => unknown) | undefined;
  /** Module and name of what is registered under an extension code. @default they are refused */
  readonly extension?:
    | ((code: number) => readonly [module: string, name: string] | undefined)
    | undefined;
}
