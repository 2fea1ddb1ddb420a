import { PyRange, PySlice } from "./values/builtin.ts";
import { PyDecimal, PyFraction } from "./values/decimal.ts";
import { PyCounter, PyDefaultDict, PyOrderedDict } from "./values/dict.ts";
import { PyComplex, PyFloat } from "./values/number.ts";
import { PyEnum, PyObject } from "./values/object.ts";
import { PyPath } from "./values/path.ts";
import { PyDeque, PyNamedTuple, PyTuple } from "./values/sequence.ts";
import { PyUUID } from "./values/uuid.ts";
import { builtin, call, named, type Plan, type Reducer } from "./write_plan.ts";

/** What Python has in its standard library, each by its class. */
export const valueReducers: readonly Reducer[] = [
  [
    PyComplex,
    ({ re, im }: PyComplex) =>
      builtin("complex", new PyFloat(re), new PyFloat(im)),
  ],
  [
    PyRange,
    ({ start, stop, step }: PyRange) =>
      builtin("range", BigInt(start), BigInt(stop), BigInt(step)),
  ],
  [
    PySlice,
    ({ start, stop, step }: PySlice) => builtin("slice", start, stop, step),
  ],
  [PyDecimal, ({ text }: PyDecimal) => call("decimal", "Decimal", text)],
  [
    PyFraction,
    ({ numerator, denominator }: PyFraction) =>
      call("fractions", "Fraction", numerator, denominator),
  ],
  [PyUUID, ({ text }: PyUUID) => ({
    call: named("uuid", "UUID"),
    args: [],
    bare: true,
    state: new Map([["int", BigInt(`0x${text.replaceAll("-", "")}`)]]),
  })],
  [PyPath, ({ type, text }: PyPath) => call("pathlib", type, text)],
  [PyOrderedDict, (dict: PyOrderedDict) => ({
    ...call("collections", "OrderedDict"),
    pairs: [...dict].flat(),
  })],
  [PyDefaultDict, (dict: PyDefaultDict) => ({
    ...call(
      "collections",
      "defaultdict",
      ...dict.factory === null ? [] : [dict.factory],
    ),
    pairs: [...dict].flat(),
  })],
  [
    PyCounter,
    (counter: PyCounter) => call("collections", "Counter", new Map(counter)),
  ],
  [PyDeque, ({ items, maxlen }: PyDeque) => ({
    ...call(
      "collections",
      "deque",
      ...maxlen === null ? [] : [new PyTuple(), BigInt(maxlen)],
    ),
    items,
  })],
  [PyNamedTuple, (tuple: PyNamedTuple) => ({
    call: named(tuple.module, tuple.name),
    args: [...tuple],
    bare: true,
  })],
  [PyEnum, ofEnum],
  [PyObject, ofObject],
];

function ofEnum({ module, name, member, value }: PyEnum): Plan {
  const type = named(module, name);
  if (value !== undefined) return { call: type, args: [value] };
  if (member === undefined) throw new TypeError("it is no member of an enum");
  return builtin("getattr", type, member);
}

function ofObject(object: PyObject): Plan {
  const { args, kwargs, state, items, entries, definition } = object;
  if (definition !== undefined) {
    throw new TypeError("its class is not one that Python can import");
  }
  // Its name is that of the zone; what makes it is a function.
  if (object.module === "pytz" && object.name === "UTC") {
    return call("pytz", "_UTC");
  }
  return {
    call: named(object.module, object.name),
    args,
    kwargs,
    bare: object.bare,
    state,
    items,
    pairs: entries?.flat(),
  };
}
