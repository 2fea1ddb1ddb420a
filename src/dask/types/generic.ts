import { FormatError } from "../../errors.ts";
import { PyObject } from "../../pickle/values/object.ts";
import type { Class } from "../../serialization.ts";
import type { Bytes, Message } from "../../types.ts";
import { pack } from "../_packer.ts";
import {
  classOfHeader,
  pickleOfClass,
  type PythonClass,
} from "../_type_name.ts";
import { dictOf } from "../_collections.ts";
import { countOf, mapOf } from "../_header.ts";
import type {
  DaskDeserialize,
  DaskRegistry,
  DeserializeTools,
  SerializeTools,
} from "../registry.ts";
import type { Serializer } from "../serialize.ts";
import type { DaskHeader } from "../values.ts";

const STAGE = "dask";
const DICT: PythonClass = { module: "builtins", name: "dict" };

/** Whether a header is that of an object attribute by attribute, whatever its class. */
export function isGeneric(header: DaskHeader): boolean {
  return "simple" in header && "complex" in header;
}

/** Registers a class whose instances are sent attribute by attribute. */
export function addGeneric<T>(
  registry: DaskRegistry,
  cls: Class<T> | undefined,
  type: PythonClass,
  family: string,
): void {
  registry.addType((cls ?? PyObject) as Class<object>, {
    ...type,
    serialize(value, tools) {
      const found = value instanceof PyObject
        ? value.attributes()
        : entries(value);
      return writeGeneric(found, type, tools, family);
    },
    deserialize(header, frames, tools) {
      if (!cls) return readGeneric(header, frames, tools) as object;
      const value = Object.create(cls.prototype as object);
      for (const [key, item] of attributesOf(header, frames, tools)) {
        Object.defineProperty(value, key as string, {
          value: item,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      }
      return value;
    },
  });
}

function entries(value: object): Map<string, unknown> {
  return new Map(Object.entries(value));
}

/** The attributes: simple ones in the header, others with headers of their own. */
export function writeGeneric(
  attributes: ReadonlyMap<unknown, unknown>,
  type: PythonClass,
  tools: SerializeTools,
  family = "dask",
): Message {
  const simple: [unknown, unknown][] = [];
  const complex: [unknown, unknown][] = [];
  const frames: Bytes[] = [];
  for (const [name, value] of attributes) {
    if (isSimple(value)) {
      simple.push([name, value]);
      continue;
    }
    const start = frames.length;
    const part = isDict(value)
      ? dictMessage(value, tools, family)
      : tools.serialize(value, [family, "pickle"]);
    for (const frame of part.frames) frames.push(frame);
    const place = { header: part.header, start, stop: frames.length };
    complex.push([name, place]);
  }
  const protocol = (tools as Serializer).layout === "nested" ? 5 : 4;
  return {
    header: {
      serializer: "dask",
      "type-serialized": pickleOfClass(type, protocol),
      simple: mapFrom(simple),
      complex: mapFrom(complex),
    },
    frames,
  };
}

/** Dask 2021.10 has the header of the dict where later ones have it under a key. */
function dictMessage(
  value: object,
  tools: SerializeTools,
  family: string,
): Message {
  const map = value instanceof Map ? value : entries(value);
  const { header, frames } = writeGeneric(map, DICT, tools, family);
  const { layout } = tools as Serializer;
  const own = layout === "nested" ? {} : header;
  const nested = layout === "flat" ? {} : { "nested-dict": header };
  return { header: { ...own, ...nested } as Message["header"], frames };
}

function mapFrom(pairs: readonly [unknown, unknown][]): object {
  return dictOf(pairs.map(([key]) => key), pairs.map(([, value]) => value));
}

function isDict(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Map.prototype;
}

/** What msgpack brings back as it was, lists but as tuples. Byte strings are not: older versions do not read them here. */
function isSimple(value: unknown): boolean {
  if (ArrayBuffer.isView(value) || value === undefined) return false;
  if (Array.isArray(value)) return value.every(isSimple);
  if (typeof value === "object" && value !== null) {
    if (!isDict(value)) return false;
    return value instanceof Map ? value.size === 0 : isEmpty(value);
  }
  try {
    pack(value);
    return true;
  } catch {
    return false;
  }
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}

/** An object of a class that is known by name alone; a dict, if it is one. */
export const readGeneric: DaskDeserialize<unknown> = (
  header,
  frames,
  tools,
) => {
  const found = attributesOf(header, frames, tools);
  const { module, name } = classOfHeader(header) ?? tools.type;
  const state = dictOf(found.map(([key]) => key), found.map(([, v]) => v));
  if (module === "builtins" && name === "dict") return state;
  // In Dask's newer headers the class is said twice, in its older ones once.
  const type = module === "" ? tools.type : { module, name };
  return new PyObject(type.module, type.name, { state, bare: true });
};

/** The attributes that a header of this kind has. */
function attributesOf(
  header: DaskHeader,
  frames: readonly Bytes[],
  tools: DeserializeTools,
): [unknown, unknown][] {
  const found = entriesOf(header.simple);
  for (const [name, place] of entriesOf(header.complex)) {
    const { header: own, start, stop } = mapOf(place, "an attribute's place");
    const [from, to] = [countOf(start), countOf(stop)];
    if (to > frames.length || from > to) {
      throw new FormatError(
        STAGE,
        "an attribute has more frames than there are",
      );
    }
    const sub = mapOf(own, "an attribute's header");
    const part = frames.slice(from, to);
    const nested = sub["nested-dict"];
    const value = nested === undefined
      ? tools.deserialize(sub, part)
      : readGeneric(mapOf(nested, "nested-dict"), part, tools);
    found.push([name, value]);
  }
  return found;
}

function entriesOf(value: unknown): [unknown, unknown][] {
  if (value instanceof Map) return [...value];
  return Object.entries(mapOf(value, "attributes"));
}
