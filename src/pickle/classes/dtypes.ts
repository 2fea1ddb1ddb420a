import type { PickleArguments, PickleGlobals } from "../globals.ts";
import { PyGlobal } from "../values/object.ts";
import { DType, type DTypeField, type DTypeKind } from "../values/dtype.ts";
import { PyTuple } from "../values/sequence.ts";
import { NAMES } from "./_dtype_names.ts";
import { dictOf, listFrom, numberOf, textOf } from "./_state.ts";

/** Types within types. */
const MAX_DEPTH = 32;
/** Items of one item: a type with more is no type but an attack. */
const MAX_LEAVES = 1_000_000;

/** Of types, how deep they go and how many items there are in an item. */
const sizes = new WeakMap<DType, { depth: number; leaves: number }>();

/** `numpy.dtype`. */
export function addDtypes(globals: PickleGlobals): void {
  globals.add("numpy", "dtype", {
    call: (args) => dtypeFrom(args[0]),
    setState,
  });
  const scalars =
    "bool_ bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64 longdouble complex64 complex128 clongdouble str_ bytes_ void object_ datetime64 timedelta64 record";
  for (const name of scalars.split(" ")) globals.add("numpy", name);
  globals.add("numpy._core._internal", "_convert_to_stringdtype_kwargs", {
    call: stringType,
  });
  for (const name of ["StringDType", "StrDType", "BytesDType", "ObjectDType"]) {
    globals.add("numpy.dtypes", name, { call: stringType });
  }
}

/** A type by the name that pickles have: without an order, which the state has. */
export function dtypeFrom(value: unknown, depth = 0): DType {
  if (depth > MAX_DEPTH) throw new RangeError("a type of too many parts");
  if (value instanceof DType) return value;
  if (typeof value === "string") return DType.of(NAMES.get(value) ?? value);
  if (value instanceof PyGlobal) {
    if (value.module === "numpy" && value.name === "record") {
      return new DType({ kind: "V", itemsize: 0, type: "record" });
    }
    const name = NAMES.get(value.name);
    if (name !== undefined) return DType.of(name);
  }
  if (value instanceof PyTuple && value.length === 2) {
    const [of, shape] = value as [unknown, unknown];
    if (shape instanceof DType) return shape;
    if (!Array.isArray(of)) return subOf(dtypeFrom(of), shapeOf(shape));
  }
  if (Array.isArray(value)) return structOf(value, depth);
  if (typeof value === "object" && value !== null) return namedOf(value, depth);
  throw new TypeError("this is no dtype");
}

/** A dict of names, formats, offsets and more. */
function namedOf(value: object, depth: number): DType {
  const parts = dictOf(value);
  const list = (key: string) => listFrom(parts.get(key));
  const names = list("names");
  const formats = list("formats").map((of) => dtypeFrom(of, depth + 1));
  const ends: number[] = [];
  const offsets = parts.has("offsets") ? list("offsets").map(numberOf) : [];
  const titles = parts.has("titles") ? list("titles") : [];
  const fields = new Map(names.map((name, i) => {
    const dtype = formats[i]!;
    const offset = offsets[i] ?? ends.at(-1) ?? 0;
    ends.push(offset + dtype.itemsize);
    return [textOf(name), [dtype, offset, titles[i]]];
  }));
  const itemsize = numberOf(parts.get("itemsize") ?? Math.max(0, ...ends));
  const found = fieldsOf(names, fields, itemsize);
  const struct = new DType({ kind: "V", itemsize, fields: found });
  measure(struct);
  return struct;
}

/** A list of names and types, one after the other. */
function structOf(list: readonly unknown[], depth: number): DType {
  const fields = new Map<string, DTypeField>();
  let itemsize = 0;
  for (const item of list) {
    const [name, type, shape] = listFrom(item);
    let dtype = dtypeFrom(type, depth + 1);
    if (shape !== undefined) dtype = subOf(dtype, shapeOf(shape));
    fields.set(textOf(name), { dtype: frozen(dtype), offset: itemsize });
    itemsize += dtype.itemsize;
  }
  const struct = new DType({ kind: "V", itemsize, fields });
  measure(struct);
  return struct;
}

/** `(version, order, (type, shape), names, fields, itemsize, alignment, flags[, metadata])`. */
function setState(dtype: DType, state: unknown): void {
  const parts = listFrom(state);
  const [, order, sub, names, fields, itemsize, , , metadata] = parts;
  const set: Record<string, unknown> = {};
  if (order === "<" || order === ">") {
    if (dtype.order !== "|") set.order = order;
  } else if (order !== "|" && order !== "=") {
    throw new TypeError("the order of bytes is not known");
  }
  const size = numberOf(itemsize);
  if (size >= 0) {
    if (size > 2 ** 31 || !"SUV".includes(dtype.kind)) {
      if (size !== dtype.itemsize) throw new RangeError("a wrong item size");
    }
    set.itemsize = size;
  }
  if (Array.isArray(sub)) {
    const [type, shape] = sub;
    const of = subOf(dtypeFrom(type), shapeOf(shape));
    Object.assign(set, { sub: of.sub, itemsize: of.itemsize });
  }
  if (Array.isArray(names)) {
    set.fields = fieldsOf(names, fields, (set.itemsize ?? 0) as number);
  }
  const flags = parts[7];
  if (typeof flags === "number" && names !== null && (flags & 128) !== 0) {
    set.aligned = true;
  }
  const unit = unitOf(dtype.kind, metadata);
  if (unit) set.unit = unit;
  Object.assign(dtype, set);
  measure(dtype);
}

function fieldsOf(
  names: readonly unknown[],
  fields: unknown,
  itemsize: number,
): ReadonlyMap<string, DTypeField> {
  const entries = dictOf(fields);
  const found = new Map<string, DTypeField>();
  for (const name of names) {
    const key = textOf(name);
    const [type, at, title] = listFrom(entries.get(key));
    const dtype = frozen(dtypeFrom(type));
    const offset = numberOf(at);
    if (offset < 0 || offset + dtype.itemsize > itemsize) {
      throw new RangeError("a field is not within the item");
    }
    found.set(key, {
      dtype,
      offset,
      ...(typeof title === "string" ? { title } : {}),
    });
  }
  return found;
}

function subOf(dtype: DType, shape: readonly number[]): DType {
  const count = shape.reduce((product, length) => product * length, 1);
  const itemsize = count * dtype.itemsize;
  if (!(itemsize <= 2 ** 31 && count <= MAX_LEAVES)) {
    throw new RangeError("an item of too many");
  }
  const made = new DType({
    kind: "V",
    itemsize,
    sub: { dtype: frozen(dtype), shape },
  });
  measure(made);
  return made;
}

/** A type as it is now: what is said of it later does not change what was made of it. So there are no cycles, either. */
function frozen(dtype: DType): DType {
  const copy = new DType(dtype);
  measure(copy);
  return copy;
}

function measure(dtype: DType): void {
  let depth = 0;
  let leaves = 0;
  const { sub, fields } = dtype;
  const parts = sub
    ? [sub.dtype]
    : fields
    ? [...fields.values()].map((field) => field.dtype)
    : [];
  for (const part of parts) {
    const size = sizes.get(part) ?? { depth: 0, leaves: 1 };
    depth = Math.max(depth, size.depth + 1);
    leaves += size.leaves;
  }
  if (sub) leaves *= sub.shape.reduce((product, length) => product * length, 1);
  if (depth > MAX_DEPTH || leaves > MAX_LEAVES) {
    throw new RangeError("a type of too many parts");
  }
  sizes.set(dtype, { depth, leaves: Math.max(1, leaves) });
}

function unitOf(
  kind: DTypeKind,
  metadata: unknown,
): readonly [string, number] | undefined {
  if ((kind !== "M" && kind !== "m") || !Array.isArray(metadata)) {
    return undefined;
  }
  const [unit, count] = listFrom(metadata[1]);
  const name = unit instanceof Uint8Array
    ? String.fromCharCode(...unit.subarray(0, 16))
    : textOf(unit);
  return [name, numberOf(count)];
}

/** The lengths of axes. */
export function shapeOf(value: unknown): number[] {
  const lengths = Array.isArray(value) ? value : [value];
  if (lengths.length > 64) throw new RangeError("there are too many axes");
  return lengths.map((length) => {
    const number = numberOf(length);
    if (number < 0) throw new RangeError("a length is negative");
    return number;
  });
}

function stringType(_args: PickleArguments): DType {
  return new DType({ kind: "T", itemsize: 16 });
}
