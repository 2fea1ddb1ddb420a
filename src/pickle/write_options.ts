import type { Bytes } from "../types.ts";
import type { PickleWriterClass } from "./write_class.ts";

/** The versions of the format; every Python since 3.4 reads up to 4, since 3.8 all. */
export type PickleProtocol = 0 | 1 | 2 | 3 | 4 | 5;

/** Options for {@linkcode dumps}. */
export interface PickleDumpOptions {
  /** The version of the format. @default {4} */
  readonly protocol?: PickleProtocol | undefined;
  /**
   * What a `number` is in Python: an `int` if it is a safe integer and not -0, else a `float`; or always a `float`.
   * {@linkcode PyInt} and {@linkcode PyFloat} say it for one number.
   * @default {"auto"}
   */
  readonly numbers?: "auto" | "float" | undefined;
  /** What typed arrays are in Python, save `Uint8Array`, which is `bytes`. @default {"numpy"} */
  readonly typedArrays?: "numpy" | "array" | undefined;
  /** What becomes of `undefined`. @default {"refuse"} */
  readonly undefined?: "refuse" | "none" | undefined;
  /**
   * Which equal strings are one object in Python: all, as constants of a program are, or only the keys of objects, as what
   * Python's `json` reads. This decides between bytes that mean the same.
   * @default {"all"}
   */
  readonly sharedStrings?: "all" | "keys" | undefined;
  /** Classes of one's own, with their names in Python. */
  readonly classes?: Iterable<PickleWriterClass> | undefined;
  /**
   * Protocol 5: takes the bytes of an array, uncopied, which then are not in the pickle; Python's `loads` wants them as its
   * `buffers`, in the same order. If it returns `true`, they stay in the pickle.
   */
  readonly bufferCallback?:
    | ((bytes: Bytes, readonly: boolean) => unknown)
    | undefined;
}

/** The options, checked and complete. */
export interface WriterOptions {
  readonly protocol: PickleProtocol;
  readonly floats: boolean;
  readonly typedArrays: "numpy" | "array";
  readonly undefinedIsNone: boolean;
  readonly shareAll: boolean;
  readonly classes: ReadonlyMap<object, PickleWriterClass>;
  readonly bufferCallback: PickleDumpOptions["bufferCallback"];
}

const NO_CLASSES: ReadonlyMap<object, PickleWriterClass> = new Map();

export function writerOptions(options: PickleDumpOptions): WriterOptions {
  const { protocol = 4, classes, bufferCallback } = options;
  if (!(Number.isInteger(protocol) && protocol >= 0 && protocol <= 5)) {
    throw new RangeError(`There is no pickle protocol ${protocol}`);
  }
  if (bufferCallback && protocol < 5) {
    throw new TypeError("Buffers out of band need protocol 5");
  }
  return {
    protocol,
    floats: options.numbers === "float",
    typedArrays: options.typedArrays ?? "numpy",
    undefinedIsNone: options.undefined === "none",
    shareAll: options.sharedStrings !== "keys",
    classes: classes
      ? new Map([...classes].map((entry) => [entry.class.prototype, entry]))
      : NO_CLASSES,
    bufferCallback,
  };
}
