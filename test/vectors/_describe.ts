/**
 * Values as the golden vectors describe them, in the same neutral JSON; `veclib.py` beside the vectors is the model.
 */
import { encodeBase64 } from "@std/encoding/base64";
import {
  type DType,
  DType as DTypeClass,
  ELLIPSIS,
  MaskedArray,
  NdArray,
  NOT_IMPLEMENTED,
  NpScalar,
  PyArray,
  PyByteArray,
  PyComplex,
  PyCounter,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyDefaultDict,
  PyDeque,
  PyEnum,
  PyException,
  PyFloat,
  PyFraction,
  PyFrozenSet,
  PyGlobal,
  PyInt,
  PyNamedTuple,
  PyObject,
  PyOrderedDict,
  PyPath,
  PyRange,
  PySlice,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyTuple,
  PyUUID,
  PyZoneInfo,
} from "../../src/pickle/mod.ts";
import { describeObject, ipOf } from "./_describe_object.ts";
import {
  describePandas,
  isPandasScalar,
  pandasScalar,
} from "./_describe_pandas.ts";

// deno-lint-ignore no-explicit-any
export type Desc = Record<string, any>;

/** What the describers of particular classes need. */
export interface Context {
  go(value: unknown): Desc;
  items(entries: Iterable<readonly [unknown, unknown]>): Desc[][];
}

export const b64 = (bytes: Uint8Array): string =>
  encodeBase64(new Uint8Array(bytes));

/** The value's description; floats have to have been read with `floats: "wrap"`. */
export function describe(value: unknown): Desc {
  const ids = new Map<unknown, number>();
  const referred = new Set<number>();
  const active = new Set<unknown>();
  const context: Context = {
    go,
    items: (entries) =>
      [...entries].map(([key, value]) => [go(key), go(value)]),
  };

  function go(value: unknown): Desc {
    const scalar = scalarOf(value, context);
    if (scalar) return scalar;
    const isTuple = value instanceof PyTuple &&
      !(value instanceof PyNamedTuple);
    const known = ids.get(value);
    if (known !== undefined && (!isTuple || active.has(value))) {
      referred.add(known);
      return { t: "ref", id: known };
    }
    const id = counter++;
    ids.set(value, id);
    active.add(value);
    const desc = bodyOf(value, context);
    active.delete(value);
    desc.id = id;
    return desc;
  }

  let counter = 0;
  const desc = go(value);
  clean(desc, referred);
  return desc;
}

function clean(desc: unknown, referred: ReadonlySet<number>): void {
  const order = new Map<number, number>();
  const visit = (x: unknown): void => {
    if (Array.isArray(x)) return x.forEach(visit);
    if (typeof x !== "object" || x === null) return;
    const d = x as Desc;
    if ("t" in d && "id" in d) {
      if (d.t !== "ref" && !referred.has(d.id)) delete d.id;
      else {
        if (!order.has(d.id)) order.set(d.id, order.size);
        d.id = order.get(d.id);
      }
    }
    Object.values(d).forEach(visit);
  };
  visit(desc);
}

export function float(value: number): Desc {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const be = view.getBigUint64(0).toString(16).padStart(16, "0");
  return { t: "float", be };
}

function scalarOf(value: unknown, { go }: Context): Desc | undefined {
  if (value === null) return { t: "none" };
  switch (typeof value) {
    case "boolean":
      return { t: "bool", v: value };
    case "bigint":
      return { t: "int", v: String(value) };
    case "number":
      return Number.isInteger(value) && !Object.is(value, -0)
        ? { t: "int", v: String(value) }
        : float(value);
    case "string":
      return { t: "str", v: value };
    case "undefined":
      throw new TypeError("undefined is no value of Python");
  }
  if (value instanceof PyInt) return { t: "int", v: String(value.value) };
  if (value instanceof PyFloat) return float(value.value);
  if (value instanceof Uint8Array && !(value instanceof PyByteArray)) {
    return { t: "bytes", b64: b64(value) };
  }
  if (value instanceof PyComplex) {
    return { t: "complex", re: float(value.re), im: float(value.im) };
  }
  if (value === ELLIPSIS) return { t: "ellipsis" };
  if (value === NOT_IMPLEMENTED) return { t: "notimplemented" };
  if (value instanceof PyRange) {
    const { start, stop, step } = value;
    return {
      t: "range",
      start: String(start),
      stop: String(stop),
      step: String(step),
    };
  }
  if (value instanceof PySlice) {
    const { start, stop, step } = value;
    return { t: "slice", start: go(start), stop: go(stop), step: go(step) };
  }
  return timeOf(value, go) ?? namedOf(value, go);
}

function timeOf(value: unknown, go: Context["go"]): Desc | undefined {
  if (isPandasScalar(value)) return pandasScalar(value);
  if (value instanceof PyDate) return { t: "date", v: String(value) };
  if (value instanceof PyDateTime || value instanceof PyTime) {
    const { fold, tzinfo } = value;
    const naive = value instanceof PyTime
      ? new PyTime({ ...value, tzinfo: null })
      : new PyDateTime({ ...value, tzinfo: null });
    const t = value instanceof PyTime ? "time" : "datetime";
    return { t, v: String(naive), fold, tz: go(tzinfo) };
  }
  if (value instanceof PyTimeDelta) {
    const { days, seconds, microseconds } = value;
    return { t: "timedelta", d: days, s: seconds, us: microseconds };
  }
  if (value instanceof PyTimeZone) {
    return { t: "timezone", us: String(value.offset), name: value.name };
  }
  if (value instanceof PyZoneInfo) return { t: "zoneinfo", key: value.key };
  return undefined;
}

function namedOf(value: unknown, go: Context["go"]): Desc | undefined {
  if (value instanceof PyDecimal) return { t: "decimal", v: value.text };
  if (value instanceof PyFraction) {
    const { numerator, denominator } = value;
    return { t: "fraction", n: String(numerator), d: String(denominator) };
  }
  if (value instanceof PyUUID) return { t: "uuid", v: value.text };
  if (value instanceof PyPath) {
    return { t: "path", cls: value.type, v: value.text };
  }
  if (value instanceof PyGlobal) {
    return { t: "global", v: `${value.module}.${value.name}` };
  }
  if (value instanceof PyEnum) {
    const { module, name, member, value: v } = value;
    return {
      t: "enum",
      cls: `${module}.${name}`,
      name: member,
      value: go(v),
    };
  }
  if (value instanceof DTypeClass) return { t: "npdtype", v: dtype(value) };
  if (value instanceof NpScalar) {
    return { t: "npscalar", dtype: dtype(value.dtype), b64: b64(value.bytes) };
  }
  if (value instanceof PyObject) {
    if (value.module === "ipaddress") return ipOf(value);
    if (value.name === "_compile") {
      const [pattern, flags] = value.args;
      return { t: "pattern", v: go(pattern), flags };
    }
    if (["_make_function", "FunctionType"].includes(value.name)) {
      const slots = (value.state as unknown[])[1] as Desc;
      return { t: "function", name: slots.__name__ };
    }
  }
  return undefined;
}

/** A dtype, as the vectors have it. */
export function dtype(of: DType): unknown {
  if (of.fields) {
    const fields = [...of.fields.values()];
    return {
      names: [...of.fields.keys()],
      formats: fields.map((field) => dtype(field.dtype)),
      offsets: fields.map((field) => field.offset),
      itemsize: of.itemsize,
    };
  }
  if (of.sub) return { sub: dtype(of.sub.dtype), shape: [...of.sub.shape] };
  return of.str;
}

function bodyOf(value: unknown, context: Context): Desc {
  const { go, items } = context;
  if (value instanceof PyNamedTuple) {
    return {
      t: "namedtuple",
      cls: `${value.module}.${value.name}`,
      fields: [...value.fields],
      v: Array.from(value, go),
    };
  }
  if (value instanceof PyTuple) return { t: "tuple", v: Array.from(value, go) };
  if (Array.isArray(value)) return { t: "list", v: value.map(go) };
  if (value instanceof PyByteArray) return { t: "bytearray", b64: b64(value) };
  if (value instanceof Set) {
    const t = value instanceof PyFrozenSet ? "frozenset" : "set";
    return { t, v: [...value].map(go) };
  }
  if (value instanceof PyOrderedDict) {
    return { t: "ordereddict", v: items(value) };
  }
  if (value instanceof PyDefaultDict) {
    const { factory } = value;
    return {
      t: "defaultdict",
      factory: factory === null ? null : String(factory),
      v: items(value),
    };
  }
  if (value instanceof PyCounter) return { t: "counter", v: items(value) };
  if (value instanceof Map) return { t: "dict", v: items(value) };
  if (value instanceof PyDeque) {
    return { t: "deque", maxlen: value.maxlen, v: value.items.map(go) };
  }
  if (value instanceof PyArray) {
    const { typecode: code, data, bytes } = value;
    return {
      t: "array",
      code,
      itemsize: data.BYTES_PER_ELEMENT,
      b64: b64(bytes),
    };
  }
  if (value instanceof MaskedArray) {
    return { t: "maskedarray", data: go(value.array), mask: go(value.mask) };
  }
  if (value instanceof NdArray) return arrayOf(value, context);
  const pandas = describePandas(value, context);
  if (pandas) return pandas;
  if (value instanceof PyException) return exceptionOf(value, context);
  if (value instanceof PyObject) return describeObject(value, context);
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) {
    return { t: "dict", v: items(Object.entries(value as object)) };
  }
  throw new TypeError(
    `No description of ${(value as object).constructor?.name}`,
  );
}

function arrayOf(value: NdArray, { go }: Context): Desc {
  const { dtype: type, shape, order, type: cls } = value;
  const desc = { t: "ndarray", cls, dtype: dtype(type), shape, order };
  return Array.isArray(value.data)
    ? { ...desc, items: value.toArray().map(go) }
    : { ...desc, b64: b64(value.toBytes()) };
}

function exceptionOf(value: PyException, { go, items }: Context): Desc {
  const { module, name, args, attributes } = value;
  const desc: Desc = {
    t: "exception",
    cls: `${module}.${name}`,
    args: args.map(go),
  };
  if (attributes.size > 0) {
    desc.attrs = items(
      [...attributes].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0),
    );
  }
  if (name.endsWith("ExceptionGroup")) {
    desc.exceptions = (args[1] as unknown[]).map(go);
  }
  return desc;
}
