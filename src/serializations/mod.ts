/** Every serialization that the default registry has: the one place where a new type is named. */
import type { Serialization } from "../serialization.ts";
import { array } from "./array.ts";
import { arrayBuffer } from "./array_buffer.ts";
import { bigint } from "./bigint.ts";
import { boxed } from "./boxed.ts";
import { date } from "./date.ts";
import { domException } from "./dom_exception.ts";
import { type ErrorOptions, errors } from "./error.ts";
import { formData } from "./form_data.ts";
import { headers } from "./headers.ts";
import { map } from "./map.ts";
import { number } from "./number.ts";
import { object } from "./object.ts";
import { regexp } from "./regexp.ts";
import { region } from "./region.ts";
import { set } from "./set.ts";
import { string } from "./string.ts";
import { symbol } from "./symbol.ts";
import { temporal } from "./temporal.ts";
import { typedArrays } from "./typed_array.ts";
import { undefined_ } from "./undefined.ts";
import { url, urlSearchParams } from "./url.ts";

/**
 * All serializations.
 *
 * @param options What errors say of themselves.
 */
export const serializations = (
  options?: ErrorOptions,
  // Each is for values of a type of its own, and the registry hands it no others.
  // deno-lint-ignore no-explicit-any
): readonly Serialization<any>[] => [
  array,
  arrayBuffer,
  bigint,
  date,
  domException,
  formData,
  headers,
  map,
  number,
  object,
  regexp,
  region,
  set,
  string,
  symbol,
  undefined_,
  url,
  urlSearchParams,
  ...boxed,
  ...errors(options),
  ...temporal,
  ...typedArrays,
];
