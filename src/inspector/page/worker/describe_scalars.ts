import { DType } from "../../../pickle/values/dtype.ts";
import {
  NpScalar,
  PdTimedelta,
  PdTimestamp,
  PyComplex,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyEnum,
  PyFloat,
  PyGlobal,
  PyInt,
  PyPath,
  PyRange,
  PySingleton,
  PySlice,
  PyTime,
  PyTimeDelta,
  PyUUID,
} from "../../../pickle/values/mod.ts";
import { cut, describe, type Described, short } from "./describe.ts";

/** Single values of Python's. */
export function describeScalar(value: object): Described | undefined {
  if (value instanceof NpScalar) {
    return { ...describe(value.value), type: `numpy ${value.dtype}` };
  }
  if (value instanceof PyInt) {
    return { type: "int", preview: cut(String(value.value)), tone: "number" };
  }
  if (value instanceof PyFloat) {
    return { type: "float", preview: String(value.value), tone: "number" };
  }
  if (value instanceof PyComplex) {
    const sign = value.im < 0 || Object.is(value.im, -0) ? "-" : "+";
    return {
      type: "complex",
      preview: `${value.re} ${sign} ${Math.abs(value.im)}j`,
      tone: "number",
    };
  }
  if (value instanceof PyEnum) {
    return {
      type: `${value.module}.${value.name}`,
      preview: value.member ?? short(value.value),
      tone: "literal",
    };
  }
  if (value instanceof PdTimestamp) {
    return { type: "Timestamp", preview: timeText(value), tone: "time" };
  }
  if (value instanceof PdTimedelta) {
    return {
      type: "Timedelta",
      preview: `${Number(value.nanoseconds) / 1e9} s`,
      tone: "time",
    };
  }
  if (value instanceof PyTimeDelta) {
    return {
      type: "timedelta",
      preview: `${Number(value.totalMicroseconds) / 1e6} s`,
      tone: "time",
    };
  }
  if (
    value instanceof PyDateTime || value instanceof PyDate ||
    value instanceof PyTime
  ) {
    return {
      type: nameOf(value),
      preview: String(value),
      tone: "time",
    };
  }
  if (value instanceof PyRange || value instanceof PySlice) {
    const { start, stop, step } = value;
    const type = value instanceof PyRange ? "range" : "slice";
    return {
      type,
      preview: [start, stop, step].map(short).join(", "),
      tone: "literal",
    };
  }
  const isNamed = value instanceof PyGlobal || value instanceof PySingleton ||
    value instanceof DType;
  if (isNamed || Object.hasOwn(value, "text")) {
    const text = isNamed
      ? String(value)
      : String((value as { text: unknown }).text);
    return {
      type: nameOf(value),
      preview: cut(text),
      tone: isNamed ? "literal" : "text",
    };
  }
  return undefined;
}

/** Their own names are not those of Python, and a bundler may change them. */
const NAMES: readonly (readonly [new (...args: never[]) => object, string])[] =
  [
    [PyDateTime, "datetime"],
    [PyDate, "date"],
    [PyTime, "time"],
    [PyGlobal, "class or function"],
    [PySingleton, "constant"],
    [DType, "dtype"],
    [PyUUID, "UUID"],
    [PyPath, "path"],
    [PyDecimal, "Decimal"],
  ];

function nameOf(value: object): string {
  return NAMES.find(([type]) => value instanceof type)?.[1] ?? "text";
}

function timeText(time: PdTimestamp): string {
  try {
    return time.toDate().toISOString();
  } catch {
    return `${time.value} ${time.unit}`;
  }
}
