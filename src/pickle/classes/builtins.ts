import type {
  PickleArguments,
  PickleClass,
  PickleGlobals,
} from "../globals.ts";
import {
  ELLIPSIS,
  NOT_IMPLEMENTED,
  PyRange,
  PySlice,
} from "../values/builtin.ts";
import { PyByteArray } from "../values/bytes.ts";
import { PyComplex, PyFloat, PyInt } from "../values/number.ts";
import { PyEnum, PyGlobal, PyObject } from "../values/object.ts";
import { PyTuple } from "../values/sequence.ts";
import { PyFrozenSet } from "../values/set.ts";
import { bytesFrom, entriesOf, floatFrom, listFrom, textOf } from "./_state.ts";
import { enumOf, type PickleEnum } from "./enum.ts";
import { KeyEquality } from "../keys.ts";
import { Refusal } from "./_refusal.ts";

const first = (call: (value: unknown) => unknown): PickleClass => ({
  call: (args) => {
    if (args.length > 1) throw new TypeError("there are too many arguments");
    return call(args[0]);
  },
});

/** Classes and functions of `builtins` and the modules that pickle itself uses. */
export function addBuiltins(globals: PickleGlobals): void {
  const add = (name: string, meaning: PickleClass) =>
    globals.add("builtins", name, meaning);
  add("Ellipsis", { value: ELLIPSIS });
  add("NotImplemented", { value: NOT_IMPLEMENTED });
  add("complex", { call: complex });
  add("range", { call: rangeOf });
  add("slice", { call: sliceOf });
  add("bytearray", { call: (args) => bytearray(args) });
  add(
    "bytes",
    first((value) =>
      value === undefined ? new Uint8Array() : plainBytes(bytesFrom(value))
    ),
  );
  add("set", first((items) => new Set(setItems(items))));
  add("frozenset", first((items) => new PyFrozenSet(setItems(items))));
  add(
    "list",
    first((items) => items === undefined ? [] : [...listFrom(items)]),
  );
  add(
    "tuple",
    first((items) => PyTuple.from(items === undefined ? [] : listFrom(items))),
  );
  add("dict", first(dictFrom));
  add("int", first((value) => integer(value)));
  add("float", first((value) => float(value)));
  add("bool", first((value) => boolean(value)));
  add("str", first((value) => value === undefined ? "" : textOf(value)));
  add(
    "type",
    first((value) => {
      if (value === null) return new PyGlobal("builtins", "NoneType");
      if (value === ELLIPSIS) return new PyGlobal("builtins", "ellipsis");
      if (value === NOT_IMPLEMENTED) {
        return new PyGlobal("builtins", "NotImplementedType");
      }
      return new Refusal();
    }),
  );
  add("object", {
    call: () => new PyObject("builtins", "object"),
  });
  for (
    const name of ["iter", "enumerate", "reversed", "zip", "map", "filter"]
  ) {
    add(name, {});
  }
  add("getattr", { call: getattr });
  globals.add("_codecs", "encode", { call: encode });
  globals.add("_operator", "or_", { call: either });
  globals.add("operator", "or_", { call: either });
}

function complex(
  args: PickleArguments,
  kwargs: ReadonlyMap<string, unknown>,
): PyComplex {
  if (args.length > 2) throw new TypeError("there are too many arguments");
  const re = args.length > 0 ? args[0] : kwargs.get("real") ?? 0;
  const im = args.length > 1 ? args[1] : kwargs.get("imag") ?? 0;
  return new PyComplex(floatFrom(re), floatFrom(im));
}

function rangeOf(args: PickleArguments): PyRange {
  if (args.length > 3) throw new TypeError("there are too many arguments");
  const [a, b, c] = args.map((value) => {
    if (typeof value !== "number" && typeof value !== "bigint") {
      throw new TypeError("this is not an integer");
    }
    return value;
  });
  if (a === undefined) throw new TypeError("there is no argument");
  return b === undefined ? new PyRange(0, a) : new PyRange(a, b, c ?? 1);
}

function sliceOf(args: PickleArguments): PySlice {
  const { length } = args;
  if (length === 0 || length > 3) {
    throw new TypeError("there are not one to three arguments");
  }
  const [start, stop, step = null] = length === 1 ? [null, ...args] : args;
  return new PySlice(start, stop, step);
}

function bytearray(args: PickleArguments): PyByteArray {
  const [value] = args;
  if (value === undefined) return new PyByteArray(new ArrayBuffer(0));
  // Protocols below 3 have text and the encoding of it.
  if (typeof value === "string" && args.length > 1) {
    const { buffer, byteOffset, length } = encode(args);
    return new PyByteArray(buffer, byteOffset, length);
  }
  if (args.length > 1) throw new TypeError("only text has an encoding");
  const { buffer, byteOffset, length } = bytesFrom(value);
  return new PyByteArray(buffer, byteOffset, length);
}

function plainBytes(
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (!(bytes instanceof PyByteArray)) return bytes;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The items of a set: of equal ones the first, and none that can be changed. */
function setItems(items: unknown): readonly unknown[] {
  if (items === undefined) return [];
  const equality = new KeyEquality();
  const distinct = new Map<unknown, unknown>();
  for (const item of listFrom(items)) {
    const token = equality.of(item);
    if (!distinct.has(token)) distinct.set(token, item);
  }
  return [...distinct.values()];
}

function dictFrom(value: unknown): unknown {
  if (value === undefined) return {};
  return new Map(entriesOf(value));
}

function integer(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (value === undefined) return 0;
  if (value instanceof PyInt) return value;
  if (value instanceof PyFloat) return value.value;
  return new Refusal();
}

function float(value: unknown): unknown {
  if (typeof value === "number") return value;
  if (value === undefined) return 0;
  if (value instanceof PyFloat) return value;
  // Only what Python's `repr` of a float without digits is.
  switch (value) {
    case "nan":
      return NaN;
    case "inf":
      return Infinity;
    case "-inf":
      return -Infinity;
  }
  return new Refusal();
}

function boolean(value: unknown): unknown {
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return value !== 0;
  return value === undefined ? false : new Refusal();
}

/** How protocols below 3 write bytes. */
function encode(args: PickleArguments): Uint8Array<ArrayBuffer> {
  if (args.length > 3) throw new TypeError("there are too many arguments");
  const [value, encoding = "utf-8", errors = "strict"] = args;
  const text = textOf(value);
  textOf(errors);
  const name = textOf(encoding).toLowerCase().replace(/[_-]/g, "");
  if (name === "utf8") {
    if (text.isWellFormed()) return new TextEncoder().encode(text);
    throw new TypeError("a surrogate stands alone");
  }
  const max = ["latin1", "iso88591", "l1"].includes(name)
    ? 255
    : name === "ascii"
    ? 127
    : -1;
  if (max < 0) throw new TypeError(`the encoding ${name} is not known`);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > max) throw new TypeError("a character is not in the encoding");
    bytes[i] = code;
  }
  return bytes;
}

/** An attribute of a class is a name like others: `getattr(Color, 'RED')`. */
function getattr(args: PickleArguments): unknown {
  const [object, name] = args;
  if (!(object instanceof PyGlobal) || typeof name !== "string") {
    return new Refusal();
  }
  const members = enumOf(object);
  if (members) return members.member(name);
  if (object.module === "zoneinfo" && name === "_unpickle") {
    return new PyGlobal("zoneinfo", "ZoneInfo._unpickle");
  }
  return new Refusal();
}

/** Flags of one enum, which early versions of Python 3.11 join like this. */
function either([a, b]: PickleArguments): unknown {
  if (!(a instanceof PyEnum) || !(b instanceof PyEnum)) return new Refusal();
  const known: PickleEnum | undefined = enumOf(a);
  if (
    !known || a.module !== b.module || a.name !== b.name ||
    typeof a.value !== "number" || typeof b.value !== "number"
  ) return new Refusal();
  return known.of(a.value | b.value);
}
