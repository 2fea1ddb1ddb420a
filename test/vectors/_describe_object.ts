/** Instances of classes that stay inert, as the golden vectors describe them. */
import { PyDefinedClass, type PyObject } from "../../src/pickle/mod.ts";
import type { Context, Desc } from "./_describe.ts";
import { type Kind, KINDS } from "./_vecmod.ts";

export function describeObject(
  value: PyObject,
  { go, items }: Context,
): Desc {
  const cls = `${value.module}.${value.name}`;
  if (cls === "types.SimpleNamespace") {
    return { t: "namespace", v: items(value.attributes()) };
  }
  const kind = kindOf(value, cls);
  const attributes = value.attributes();
  switch (kind.kind) {
    case "dataclass":
      return {
        t: "object",
        kind: "dataclass",
        cls,
        v: items(kind.fields.map((name) => [name, attributes.get(name)])),
      };
    case "pydantic":
      return {
        t: "object",
        kind: "pydantic",
        cls,
        v: items([...attributes].sort(([a], [b]) => a < b ? -1 : 1)),
      };
    case "subclass":
      return {
        t: "subclass",
        cls,
        base: go(baseOf(value, kind.base)),
        v: items(attributes),
      };
    default:
      return { t: "object", kind: "plain", cls, v: items(attributes) };
  }
}

/** Of classes that the pickle describes, what it says. */
function kindOf({ definition }: PyObject, cls: string): Kind {
  const known = KINDS.get(cls);
  if (known) return known;
  if (!(definition instanceof PyDefinedClass)) {
    throw new TypeError(`Nothing is known of ${cls}`);
  }
  const fields = definition.attributes.get("__dataclass_fields__");
  return fields
    ? { kind: "dataclass", fields: Object.keys(fields) }
    : { kind: "plain" };
}

function baseOf(value: PyObject, base: string): unknown {
  switch (base) {
    case "dict":
      return value.entries
        ? new Map(value.entries as [unknown, unknown][])
        : value.args[0] ?? {};
    case "list":
      return [...value.items ?? value.args[0] as unknown[] ?? []];
    default:
      return value.args[0];
  }
}

export function ipOf({ name, args: [of] }: PyObject): Desc {
  const desc = { t: "ip", cls: name };
  if (typeof of === "string") return { ...desc, v: of };
  if (Array.isArray(of)) return { ...desc, v: of.join("/") };
  const number = BigInt(of as number);
  const v = name.startsWith("IPv4")
    ? [24n, 16n, 8n, 0n].map((bits) => number >> bits & 255n).join(".")
    : new URL(`http://[${groupsOf(number)}]/`).hostname.slice(1, -1);
  return { ...desc, v };
}

/** The eight groups; a URL shortens them as Python does. */
function groupsOf(number: bigint): string {
  const groups: string[] = [];
  for (let i = 7n; i >= 0n; i--) {
    groups.push((number >> 16n * i & 0xffffn).toString(16));
  }
  return groups.join(":");
}
