import { deepEqual, equal, fail, ok } from "node:assert/strict";

interface Pair {
  readonly actual: unknown;
  readonly expected: unknown;
  readonly path: string;
}

/**
 * Asserts that two values are the same in all that can be seen of them: prototypes, `-0` and `NaN`, keys with their order and
 * attributes, the order of maps and sets, holes, bytes, and which objects are one and the same object.
 */
export function same(actual: unknown, expected: unknown): void {
  const partners = new Map<object, object>();
  const taken = new Set<object>();
  const stack: Pair[] = [{ actual, expected, path: "$" }];
  for (let pair; (pair = stack.pop());) {
    const { actual, expected, path } = pair;
    if (!isObject(actual) || !isObject(expected)) {
      ok(
        Object.is(actual, expected),
        `${path}: ${show(actual)}, not ${show(expected)}`,
      );
      continue;
    }
    if (partners.has(expected) || taken.has(actual)) {
      equal(partners.get(expected), actual, `${path}: shared otherwise`);
      continue;
    }
    partners.set(expected, actual);
    taken.add(actual);
    samePrototype(actual, expected, path);
    for (const part of partsOf(actual, expected, path)) stack.push(part);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function samePrototype(actual: object, expected: object, path: string): void {
  equal(
    Object.getPrototypeOf(actual),
    Object.getPrototypeOf(expected),
    `${path}: another prototype`,
  );
  equal(
    Object.isExtensible(actual),
    Object.isExtensible(expected),
    `${path}: extensible or not`,
  );
}

function partsOf(actual: object, expected: object, path: string): Pair[] {
  if (ArrayBuffer.isView(expected) || expected instanceof ArrayBuffer) {
    deepEqual(bytesOf(actual), bytesOf(expected), `${path}: other bytes`);
    return [];
  }
  const text = textOf(expected);
  if (text !== undefined) {
    equal(textOf(actual), text, `${path}: other text`);
    return [];
  }
  const parts = propertiesOf(actual, expected, path);
  if (expected instanceof Date) {
    const time = (actual as Date).getTime();
    parts.push({ actual: time, expected: expected.getTime(), path });
  }
  if (expected instanceof Map || expected instanceof Set) {
    const items = [...actual as Iterable<unknown>];
    const wanted = [...expected];
    equal(items.length, wanted.length, `${path}: another size`);
    // The pairs of a map are made by its iterator, so they are no objects of the value.
    const isMap = expected instanceof Map;
    wanted.forEach((want, i) => {
      const at = `${path}(${i})`;
      if (!isMap) parts.push({ actual: items[i], expected: want, path: at });
      else {
        for (const j of [0, 1]) {
          const [a, e] = [items[i], want] as [unknown[], unknown[]];
          parts.push({ actual: a[j], expected: e[j], path: at });
        }
      }
    });
  }
  return parts;
}

function propertiesOf(actual: object, expected: object, path: string): Pair[] {
  const keys = keysOf(expected);
  deepEqual(keysOf(actual), keys, `${path}: other keys`);
  return keys.map((key) => {
    const at = `${path}.${String(key).slice(0, 20)}`;
    const has = Object.getOwnPropertyDescriptor(actual, key)!;
    const wants = Object.getOwnPropertyDescriptor(expected, key)!;
    for (const name of ["writable", "enumerable", "configurable"] as const) {
      equal(has[name], wants[name], `${at}: ${name} or not`);
    }
    if (wants.get || wants.set) fail(`${at}: an accessor`);
    return { actual: has.value, expected: wants.value, path: at };
  });
}

/** Of an error, without what a runtime notes about where it was made. */
function keysOf(value: object): PropertyKey[] {
  const keys = Reflect.ownKeys(value);
  if (!(value instanceof Error)) return keys;
  const known = new Set<PropertyKey>(["message", "cause", "errors"]);
  const isOwn = (key: PropertyKey) =>
    Object.prototype.propertyIsEnumerable.call(value, key);
  // The language says nothing of their order.
  return keys.filter((key) => known.has(key) || isOwn(key)).sort();
}

/** What is to be seen of a value that keeps its own to itself, as text. */
function textOf(value: unknown): string | undefined {
  if (value instanceof Headers) return JSON.stringify([...value]);
  if (value instanceof DOMException) return `${value.name}: ${value.message}`;
  const isText = [
    RegExp,
    URL,
    URLSearchParams,
    Number,
    String,
    Boolean,
    BigInt,
    Symbol,
  ].some((type) => value instanceof type);
  if (!isText) return undefined;
  const inner = (value as object).valueOf();
  return Object.is(inner, -0) ? "-0" : String(inner);
}

function bytesOf(value: object): number[] {
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value as ArrayBuffer);
  return [...bytes];
}

function show(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  return typeof value === "string"
    ? JSON.stringify(value.slice(0, 40))
    : String(typeof value === "object" && value ? "an object" : value);
}
