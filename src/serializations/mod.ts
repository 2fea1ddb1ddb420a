/** Every serialization that the default registry has: the one place where a new type is named. */
import type { Serialization } from "../serialization.ts";
import { arrayBuffer } from "./array_buffer.ts";
import { bigint } from "./bigint.ts";
import { date } from "./date.ts";
import { map } from "./map.ts";
import { number } from "./number.ts";
import { set } from "./set.ts";
import { string } from "./string.ts";
import { typedArrays } from "./typed_array.ts";
import { undefined_ } from "./undefined.ts";

// Each is for values of a type of its own, and the registry hands it no others.
// deno-lint-ignore no-explicit-any
export const serializations: readonly Serialization<any>[] = [
  arrayBuffer,
  bigint,
  date,
  map,
  number,
  set,
  string,
  undefined_,
  ...typedArrays,
];
