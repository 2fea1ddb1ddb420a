/** Values of pandas, as the golden vectors describe them. */
import {
  type Column,
  DataFrame,
  type DType,
  Index,
  NA,
  NaT,
  NdArray,
  NpScalar,
  PdTimedelta,
  PdTimestamp,
  PyFloat,
  PyObject,
  PyTimeZone,
  type PyTzInfo,
  PyZoneInfo,
  Series,
} from "../../src/pickle/mod.ts";
import { zoneName } from "../../src/pickle/classes/pandas_numpy.ts";
import type { Context, Desc } from "./_describe.ts";

type PandasScalar = PdTimestamp | PdTimedelta | typeof NA;

export function isPandasScalar(value: unknown): value is PandasScalar {
  return value === NA || value === NaT || value instanceof PdTimestamp ||
    value instanceof PdTimedelta;
}

export function pandasScalar(value: PandasScalar): Desc {
  if (value === NA) return { t: "pdna" };
  if (value instanceof PdTimedelta) {
    return { t: "pdtimedelta", ns: String(value.nanoseconds) };
  }
  if (!(value instanceof PdTimestamp)) return { t: "pdnat" };
  const { tz } = value;
  return {
    t: "pdtimestamp",
    v: isoOf(value),
    tz: tz === null ? null : zoneName(tz),
  };
}

function isoOf({ epochNanoseconds, tz }: PdTimestamp): string {
  const offset = tz === null ? 0n : offsetOf(tz, epochNanoseconds);
  const local = epochNanoseconds + offset;
  const rest = ((local % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (local - rest) / 1_000_000_000n;
  let text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  if (rest % 1000n !== 0n) text += `.${String(rest).padStart(9, "0")}`;
  else if (rest !== 0n) text += `.${String(rest / 1000n).padStart(6, "0")}`;
  return tz === null
    ? text
    : text + String(new PyTimeZone(Number(offset / 1000n)));
}

function offsetOf(tz: PyTzInfo, nanoseconds: bigint): bigint {
  if (tz instanceof PyTimeZone) return BigInt(tz.offset) * 1000n;
  if (tz instanceof PyObject && tz.name.endsWith("FixedOffset")) {
    return BigInt(tz.args[0] as number) * 60_000_000_000n;
  }
  const key = tz instanceof PyZoneInfo ? tz.key : zoneName(tz);
  // Not by `Temporal`, which Node 20 and workerd have not.
  const format = new Intl.DateTimeFormat("en", {
    timeZone: key,
    timeZoneName: "longOffset",
  });
  const name = format.formatToParts(Number(nanoseconds / 1_000_000n))
    .find(({ type }) => type === "timeZoneName")!.value;
  const [, sign, ...parts] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  const [hours = 0, minutes = 0, seconds = 0] = parts.map((part) =>
    Number(part ?? 0)
  );
  const offset = hours * 3_600 + minutes * 60 + seconds;
  return BigInt(sign === "-" ? -offset : offset) * 1_000_000_000n;
}

export function describePandas(
  value: unknown,
  context: Context,
): Desc | undefined {
  const { go } = context;
  if (value instanceof DataFrame) {
    return {
      t: "dataframe",
      columns: labels(value.columns, go),
      index: labels(value.index, go),
      dtypes: value.data.map((column) => column.dtype),
      data: value.data.map((column) => items(column, go)),
    };
  }
  if (value instanceof Series) {
    return {
      t: "series",
      name: go(value.name),
      dtype: value.values.dtype,
      index: labels(value.index, go),
      data: items(value.values, go),
    };
  }
  if (value instanceof Index) {
    return {
      t: "pdindex",
      cls: value.type,
      dtype: value.dtype,
      names: value.names.map(go),
      data: labels(value, go),
    };
  }
  return undefined;
}

function labels(index: Index, go: Context["go"]): Desc[] {
  return index.levels.length === 1
    ? items(index.levels[0]!, go)
    : index.toArray().map(go);
}

/** What the vectors were made with: before pandas 2, arrays with a mask gave scalars of numpy. */
export const madeWith = { pandas: "" };

/** An item as a scalar of numpy, which only integers have to be here. */
function scalarOf(dtype: DType, item: unknown): NpScalar {
  const bytes = new Uint8Array(dtype.itemsize);
  bytes[0] = item as number;
  return new NpScalar(dtype, bytes);
}

/** Whole numbers are floats in a column of floats. */
function items(column: Column, go: Context["go"]): Desc[] {
  const { data, mask, values, fill } = (column.source ?? {}) as Record<
    string,
    NdArray
  >;
  if (column.dtype.startsWith("Sparse")) {
    const { dtype } = (values as unknown as Column).source as NdArray;
    return column.toArray().map((item) =>
      go(item === fill ? item : scalarOf(dtype, item))
    );
  }
  if (data instanceof NdArray && mask && /^[01]\./.test(madeWith.pandas)) {
    const { dtype } = data;
    const size = dtype.itemsize;
    const bytes = data.toBytes();
    return column.toArray().map((item, i) =>
      go(
        item === NA
          ? NA
          : new NpScalar(dtype, bytes.subarray(i * size, (i + 1) * size)),
      )
    );
  }
  const isFloat = /^float|^Float|^double|^Sparse\[float/.test(column.dtype);
  return column.toArray().map((item) =>
    go(isFloat && typeof item === "number" ? new PyFloat(item) : item)
  );
}
