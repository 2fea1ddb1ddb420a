/** Values of the descriptions in golden vectors: the way back from `_describe.ts`, as far as Prefect's vectors need it. */
import { decodeBase64 } from "@std/encoding/base64";
import {
  PyComplex,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyEnum,
  PyException,
  PyFloat,
  PyFrozenSet,
  PyObject,
  PyPath,
  type PyPathClass,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyTuple,
  PyUUID,
} from "../../src/pickle/mod.ts";
import type { Desc } from "./_describe.ts";

/** The value that is described. */
export function revive(desc: Desc): unknown {
  const known = new Map<number, unknown>();
  const go = (d: Desc): unknown => {
    switch (d.t) {
      case "ref":
        return known.get(d.id);
      case "list": {
        const list: unknown[] = [];
        if (d.id !== undefined) known.set(d.id, list);
        for (const item of d.v) list.push(go(item));
        return list;
      }
      case "tuple":
        return PyTuple.from((d.v as Desc[]).map(go));
      case "dict":
        return dictOf((d.v as [Desc, Desc][]).map(([k, v]) => [go(k), go(v)]));
      case "set":
        return new Set((d.v as Desc[]).map(go));
      case "frozenset":
        return new PyFrozenSet((d.v as Desc[]).map(go));
      default:
        return leaf(d, go);
    }
  };
  return go(desc);
}

/** An object, if that can hold the keys in their order. */
function dictOf(entries: [unknown, unknown][]): unknown {
  const isPlain = entries.every(([key]) =>
    typeof key === "string" && !/^\d+$/.test(key)
  );
  return isPlain ? Object.fromEntries(entries) : new Map(entries);
}

function leaf(d: Desc, go: (d: Desc) => unknown): unknown {
  switch (d.t) {
    case "none":
      return null;
    case "bool":
    case "str":
      return d.v;
    case "int": {
      const value = BigInt(d.v);
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    }
    case "float":
      return floatOf(d.be);
    case "bytes":
      return new Uint8Array(decodeBase64(d.b64));
    case "complex":
      return new PyComplex(
        Number((go(d.re) as number).valueOf()),
        Number((go(d.im) as number).valueOf()),
      );
    case "date": {
      const [year, month, day] = d.v.split("-").map(Number);
      return new PyDate(year, month, day);
    }
    case "datetime":
    case "time":
      return timeOf(d, go(d.tz) as PyTimeZone | null);
    case "timezone":
      return new PyTimeZone(Number(d.us), d.name);
    case "timedelta":
      return new PyTimeDelta(d.d, d.s, d.us);
    case "decimal":
      return new PyDecimal(d.v);
    case "uuid":
      return new PyUUID(d.v);
    case "path":
      return new PyPath(d.v, d.cls as PyPathClass);
    case "ip":
      return new PyObject("ipaddress", d.cls, { args: [d.v] });
    case "pattern":
      return new PyObject("re", "_compile", { args: [go(d.v), d.flags] });
    default:
      return named(d, go);
  }
}

function named(d: Desc, go: (d: Desc) => unknown): unknown {
  const dot = d.cls.lastIndexOf(".");
  const [module, name] = [d.cls.slice(0, dot), d.cls.slice(dot + 1)];
  switch (d.t) {
    case "enum":
      return new PyEnum(module, name, { member: d.name, value: go(d.value) });
    case "exception":
      return new PyException(module, name, { args: d.args.map(go) });
    case "object": {
      const state = (d.v as [Desc, Desc][]).map(([key, value]) =>
        [go(key), go(value)] as const
      );
      return new PyObject(module, name, { state: new Map(state) });
    }
  }
  throw new TypeError(`No value of ${d.t}`);
}

function floatOf(hex: string): unknown {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${hex}`));
  const value = view.getFloat64(0);
  return Number.isInteger(value) ? new PyFloat(value) : value;
}

function timeOf(d: Desc, tzinfo: PyTimeZone | null): unknown {
  const [date, time] = d.t === "time" ? [null, d.v] : d.v.split("T");
  const [hour, minute, rest = "0"] = time.split(":");
  const [second, fraction = ""] = rest.split(".");
  const fields = {
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    microsecond: Number(fraction.padEnd(6, "0")),
    tzinfo,
    fold: d.fold,
  };
  if (!date) return new PyTime(fields);
  const [year, month, day] = date.split("-").map(Number);
  return new PyDateTime({ year, month, day, ...fields });
}
