/** Values as neutral descriptions, the same as those of `python_child.py`, and back. */
import {
  PyByteArray,
  PyComplex,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyDeque,
  PyFloat,
  PyFraction,
  PyFrozenSet,
  PyInt,
  PyOrderedDict,
  PyRange,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyTuple,
  PyUUID,
} from "../../src/pickle/values/mod.ts";
import type { Description } from "./_python.ts";

type Entries = readonly (readonly [Description, Description])[];

/** Describes a value. Objects are `dict`s, and numbers with a fraction or wrapped ones floats. */
export function describeValue(value: unknown): Description {
  const ids = new Map<unknown, number>();
  const list = (items: Iterable<unknown>) => [...items].map(go);
  const pairs = (entries: Iterable<readonly [unknown, unknown]>) =>
    [...entries].map(([key, item]) => [go(key), go(item)]);

  function go(value: unknown): Description {
    const simple = describeSimple(value);
    if (simple) return simple;
    const found = ids.get(value);
    if (found !== undefined) return ["r", found];
    const id = ids.size;
    ids.set(value, id);
    if (value instanceof PyByteArray) return ["a", id, hex(value)];
    if (value instanceof PyTuple) return ["t", id, list(value)];
    if (value instanceof PyFrozenSet) return ["F", id, list(value)];
    if (value instanceof PyOrderedDict) return ["O", id, pairs(value)];
    if (value instanceof PyDeque) {
      return ["q", id, list(value.items), value.maxlen];
    }
    if (Array.isArray(value)) return ["l", id, list(value)];
    if (value instanceof Set) return ["S", id, list(value)];
    if (value instanceof Map) return ["d", id, pairs(value)];
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      return ["d", id, pairs(Object.entries(value as object))];
    }
    return ["?", prototype.constructor.name];
  }
  return go(value);
}

function describeSimple(value: unknown): Description | undefined {
  if (value === null) return ["N"];
  switch (typeof value) {
    case "boolean":
      return ["B", value];
    case "bigint":
      return ["i", hexOf(value)];
    case "string":
      return ["s", value];
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0)
        ? ["i", hexOf(BigInt(value))]
        : describeFloat(value);
  }
  if (value instanceof PyInt) return ["i", hexOf(value.value)];
  if (value instanceof PyFloat) return describeFloat(value.value);
  if (value instanceof PyTuple) return value.length ? undefined : ["t", -1, []];
  if (value instanceof PyByteArray) return undefined;
  if (value instanceof Uint8Array) return ["b", hex(value)];
  return describeObject(value as object);
}

function describeObject(value: object): Description | undefined {
  if (value instanceof PyDate) return ["D", String(value)];
  if (value instanceof PyDateTime) {
    const text = String(value).replace(/(T\d\d:\d\d:\d\d(?:\.\d+)?).*/, "$1");
    return ["M", `${text} ${value.fold} ${offsetOf(value)}`];
  }
  if (value instanceof PyTime) {
    return ["T", `${value} ${value.fold} ${offsetOf(value)}`];
  }
  if (value instanceof PyTimeDelta) return ["L", `${value.totalMicroseconds}`];
  if (value instanceof PyTimeZone) return ["Z", `${value.offset}`];
  if (value instanceof PyDecimal) return ["C", value.text];
  if (value instanceof PyFraction) return ["Q", String(value)];
  if (value instanceof PyUUID) return ["U", value.text];
  if (value instanceof PyComplex) {
    return ["X", floatHex(value.re) + floatHex(value.im)];
  }
  if (value instanceof PyRange) {
    const { start, stop, step } = value;
    const third = BigInt(step) === 1n ? "" : `, ${step}`;
    return ["R", `range(${start}, ${stop}${third})`];
  }
  return undefined;
}

/** Builds what is described, with classes of this library for what JavaScript lacks. */
export function build(description: Description): unknown {
  const made = new Map<number, unknown>();
  const keep = <T>(id: unknown, value: T): T => {
    if (id !== -1) made.set(id as number, value);
    return value;
  };

  function go([tag, a, b, c]: Description): unknown {
    const simple = buildSimple(tag, a as string);
    if (simple !== undefined) return simple;
    const items = () => (b as Description[]).map(go);
    switch (tag) {
      case "r":
        return made.get(a as number);
      case "a":
        return keep(a, new PyByteArray(unhex(b as string).buffer));
      case "t": {
        const tuple = keep(a, new PyTuple());
        for (const item of b as Description[]) tuple.push(go(item));
        return tuple;
      }
      case "l": {
        const list = keep(a, [] as unknown[]);
        for (const item of b as Description[]) list.push(go(item));
        return list;
      }
      case "S":
        return keep(a, new Set(items()));
      case "F":
        return keep(a, new PyFrozenSet(items()));
      case "q": {
        const deque = keep(a, new PyDeque([], c as number | null));
        for (const item of b as Description[]) deque.items.push(go(item));
        return deque;
      }
      case "O":
      case "d": {
        const map = keep(a, tag === "O" ? new PyOrderedDict() : new Map());
        for (const [key, item] of b as Entries) map.set(go(key), go(item));
        return map;
      }
    }
    throw new Error(`no such thing: ${tag}`);
  }
  return go(description);
}

function buildSimple(tag: string, a: string): unknown {
  switch (tag) {
    case "N":
      return null;
    case "B":
      return a;
    case "i":
      return unhexInt(a);
    case "f":
      return new PyFloat(a === "nan" ? NaN : viewOf(unhex(a)).getFloat64(0));
    case "s":
      return a;
    case "b":
      return unhex(a);
    case "D":
      return new PyDate(
        ...a.split("-").map(Number) as [number, number, number],
      );
    case "M":
    case "T":
      return buildTime(a);
    case "L":
      return buildDelta(BigInt(a));
    case "Z":
      return new PyTimeZone(Number(a));
    case "C":
      return new PyDecimal(a);
    case "Q": {
      const [above, below = "1"] = a.split("/");
      return new PyFraction(BigInt(above!), BigInt(below));
    }
    case "U":
      return new PyUUID(a);
    case "X": {
      const view = viewOf(unhex(a));
      return new PyComplex(view.getFloat64(0), view.getFloat64(8));
    }
    case "R": {
      const [start, stop, step] = a.slice(6, -1).split(", ").map(Number);
      return new PyRange(start!, stop!, step);
    }
  }
  return undefined;
}

function buildTime(text: string): PyTime | PyDateTime {
  const [iso, fold, offset] = text.split(" ") as [string, string, string];
  const numbers = iso.split(/[-T:.]/).map(Number);
  const micro = iso.includes(".") ? numbers.pop() : 0;
  const [second, minute, hour, day, month, year] = numbers.reverse();
  const tzinfo = offset === "None" ? null : new PyTimeZone(Number(offset));
  const time = {
    hour,
    minute,
    second,
    microsecond: micro,
    tzinfo,
    fold: Number(fold) as 0 | 1,
  };
  return year === undefined
    ? new PyTime(time)
    : new PyDateTime({ year, month: month!, day: day!, ...time });
}

function buildDelta(micros: bigint): PyTimeDelta {
  const day = 86_400_000_000n;
  const rest = ((micros % day) + day) % day;
  return new PyTimeDelta(Number((micros - rest) / day), 0, Number(rest));
}

function offsetOf({ tzinfo }: PyTime | PyDateTime): string {
  return tzinfo instanceof PyTimeZone ? `${tzinfo.offset}` : "None";
}

const viewOf = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function describeFloat(value: number): Description {
  return ["f", Number.isNaN(value) ? "nan" : floatHex(value)];
}

function floatHex(value: number): string {
  const bytes = new Uint8Array(8);
  viewOf(bytes).setFloat64(0, value);
  return hex(bytes);
}

function hexOf(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

function unhexInt(text: string): number | bigint {
  const value = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

function unhex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  }
  return bytes;
}
