// Stands in for `jsr:@std/encoding/base64` where only npm can be reached: the same code, from `deno-std`, with its types.
// @ts-ignore: deno-std ships no types
import * as std from "deno-std/encoding/base64.js";

export const encodeBase64 = std.encodeBase64 as unknown as (
  data: ArrayBuffer | Uint8Array | string,
) => string;
export const decodeBase64 = std.decodeBase64 as unknown as (
  b64: string,
) => Uint8Array<ArrayBuffer>;
