import { flatKeyText, keyText, typeName } from "./scalar_text.ts";
import type { PythonWriting } from "./writer.ts";
import { Refused } from "./refused.ts";

/** The members of something that becomes an object. */
export interface Entries {
  readonly keys: readonly string[];
  /** As many as keys; `undefined` if they are the properties of the object itself. */
  readonly values: readonly unknown[] | undefined;
}

/** The members of an object or a map; `undefined` for everything else. */
export function entriesOf(
  node: object,
  flat: boolean,
  writing: PythonWriting,
): Entries | undefined {
  const { sortKeys } = writing.format;
  if (node instanceof Map) return ofMap(node, flat, writing);
  const prototype = Object.getPrototypeOf(node);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  if (Object.getOwnPropertySymbols(node).length > 0) {
    throw new Refused("it has a symbol for a key");
  }
  const keys = Object.keys(node);
  return { keys: sortKeys ? keys.sort(byPoint) : keys, values: undefined };
}

function ofMap(
  map: ReadonlyMap<unknown, unknown>,
  flat: boolean,
  writing: PythonWriting,
): Entries {
  const { skipKeys, sortKeys } = writing.format;
  const keys: string[] = [];
  const values: unknown[] = [];
  for (const [key, value] of sortKeys ? sorted(map) : map) {
    const text = flat ? flatKeyText(key, writing) : keyText(key);
    if (text === undefined) {
      if (skipKeys) continue;
      throw new Refused(
        `keys must be str, int, float, bool or None, not ${typeName(key)}`,
      );
    }
    keys.push(text);
    values.push(value);
  }
  return { keys, values };
}

/** As Python sorts: text by its characters, numbers by their size, and not one with the other. */
function sorted(map: ReadonlyMap<unknown, unknown>): [unknown, unknown][] {
  const entries = [...map];
  const isText = entries.every(([key]) => typeof key === "string");
  if (isText) {
    return entries.sort(([a], [b]) => byPoint(a as string, b as string));
  }
  const size = (key: unknown) =>
    typeof key === "object" ? Number(key?.valueOf()) : Number(key);
  const isNumber = entries.every(([key]) =>
    typeof key !== "string" && key !== null && !Number.isNaN(size(key))
  );
  if (isNumber) return entries.sort(([a], [b]) => size(a) - size(b));
  throw new Refused("keys of different types have no order in Python");
}

/** By characters, where JavaScript compares halves of them. */
function byPoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    const isHalf = (unit: number) => unit >= 0xd800 && unit < 0xe000;
    return isHalf(x) === isHalf(y) ? x - y : isHalf(x) ? 1 : -1;
  }
  return a.length - b.length;
}
