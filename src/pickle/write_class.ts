import type { Class } from "../serialization.ts";
import type { PyObject } from "./values/object.ts";

/** A class of one's own under its name in Python. */
export interface PickleWriterClass {
  /** The class here; its subclasses need entries of their own. */
  readonly class: Class<object>;
  /** The module in Python. */
  readonly module: string;
  /** The qualified name there. */
  readonly name: string;
  /** Takes an instance apart; without it, its own properties are its attributes. */
  readonly toPython?: ((value: never) => PyObject) | undefined;
}
