import { FormatError } from "../../errors.ts";
import { loads } from "../../pickle/loads.ts";
import { DType } from "../../pickle/values/dtype.ts";
import { NdArray } from "../../pickle/values/ndarray.ts";
import { MaskedArray } from "../../pickle/values/npscalar.ts";
import type { Bytes } from "../../types.ts";
import { countOf, listOf, mapOf } from "../_header.ts";
import type { DaskRegistry } from "../registry.ts";
import { MASKED, MaskedConstant } from "../values.ts";
import { readNdArray, writeNdArray } from "./numpy.ts";

const STAGE = "dask";
/** Fill values that msgpack can say; others are pickled. */
const NUMBERS = "biuf";

/** numpy's masked arrays, and its `masked`. */
export function addMasked(registry: DaskRegistry): void {
  registry.addType(MaskedArray, {
    module: "numpy.ma.core",
    name: "MaskedArray",
    serialize({ array, mask, fill }, tools) {
      const data = writeNdArray(array, tools);
      const masks = isNoMask(mask) ? undefined : writeNdArray(mask, tools);
      return {
        header: {
          "data-header": data.header,
          nframes: data.frames.length,
          ...masks && { "mask-header": masks.header },
          "fill-value": fillOf(
            fill,
            array.dtype,
            (value) => tools.pickle(value)[0]!,
          ),
        },
        frames: [...data.frames, ...masks?.frames ?? []],
      };
    },
    deserialize(header, frames, tools) {
      const split = countOf(header.nframes);
      const read = (name: string, own: readonly Bytes[]) =>
        readNdArray(mapOf(header[name], name), own, tools);
      const array = read("data-header", frames.slice(0, split));
      const mask = header["mask-header"] === undefined
        ? noMask()
        : read("mask-header", frames.slice(split));
      return new MaskedArray(array, mask, readFill(header["fill-value"]));
    },
  }, ["numpy.ma.MaskedArray"]);
  registry.addType(MaskedConstant, {
    module: "numpy.ma.core",
    name: "MaskedConstant",
    serialize: () => ({ header: {}, frames: [] }),
    deserialize: () => MASKED,
  });
}

/** numpy's own mask for none: one `false` for all. */
function noMask(): NdArray {
  return new NdArray({
    data: new Uint8Array(1),
    dtype: DType.of("?"),
    shape: [],
  });
}

function isNoMask({ shape, data }: NdArray): boolean {
  return shape.length === 0 && data[0] === 0;
}

/** `[false, number]` or `[true, pickle]`. */
function fillOf(
  fill: unknown,
  { kind }: DType,
  pickle: (value: unknown) => Bytes,
): unknown {
  const value = typeof fill === "object" && fill !== null
    ? fill.valueOf()
    : fill;
  const isNumber = typeof value === "number" || typeof value === "boolean";
  return NUMBERS.includes(kind) && isNumber
    ? [false, value]
    : [true, pickle(fill)];
}

function readFill(value: unknown): unknown {
  const [isPickled, fill] = listOf(value, "a fill value");
  if (isPickled !== true) return fill ?? null;
  if (fill instanceof Uint8Array) return loads(fill as Bytes);
  throw new FormatError(STAGE, "a fill value is no pickle");
}
