/** Rows: objects and their references, and binary data. */
import { isOf, kind, type RowOf, unless } from "./_row.ts";

/** An object within an object, and so on. */
function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let i = 0; i < depth; i++) value = { n: value };
  return value;
}

function depthOf(value: unknown): number {
  let depth = 0;
  for (let v = value; typeof v === "object" && v !== null; depth++) {
    v = (v as { n: unknown }).n;
  }
  return depth;
}

const deep = (depth: number, name: string): RowOf => ({
  name,
  make: () => nested(depth),
  check: (v) => unless(depthOf(v) === depth, () => `depth ${depthOf(v)}`),
});

/** With `__proto__` as a key of its own. */
const PROTO = '{"__proto__":{"x":1},"a":2}';

export const graph: readonly RowOf[] = [
  {
    name: "cyclic object",
    make: () => {
      const value: Record<string, unknown> = { a: 1 };
      value.self = value;
      return value;
    },
    check: (v) => unless(v?.self === v && v.a === 1, () => "no circle"),
  },
  {
    name: "repeated ref identity",
    make: () => {
      const one = { a: 1 };
      return { x: one, y: one, list: [one] };
    },
    check: (v) =>
      unless(
        v?.x?.a === 1 && v.x === v.y && v.list?.[0] === v.x,
        () => "duplicated",
      ),
  },
  {
    name: "Map/Set containing itself",
    make: () => {
      const map = new Map<unknown, unknown>();
      const set = new Set<unknown>();
      map.set("self", map);
      set.add(set);
      return { map, set };
    },
    check: (v) =>
      unless(
        isOf(v?.map, Map) && isOf(v.set, Set) && v.map.get("self") === v.map &&
          v.set.has(v.set),
        () => kind(v?.map),
      ),
  },
  {
    name: "sparse array hole",
    // deno-lint-ignore no-sparse-arrays
    make: () => [1, , 3],
    check: (v) =>
      unless(
        Array.isArray(v) && v.length === 3 && !(1 in v) && v[2] === 3,
        () => "filled",
      ),
  },
  {
    name: "undefined in array",
    make: () => [1, undefined, 3],
    check: (v) =>
      unless(
        Array.isArray(v) && v.length === 3 && 1 in v && v[1] === undefined,
        () => kind(v?.[1]),
      ),
  },
  {
    name: "null-prototype object",
    make: () => Object.assign(Object.create(null), { a: 1 }),
    check: (v) =>
      unless(
        v?.a === 1 && Object.getPrototypeOf(v) === null,
        () => "another prototype",
      ),
  },
  {
    name: "frozen object stays frozen",
    make: () => Object.freeze({ a: 1 }),
    check: (v) => unless(v?.a === 1 && Object.isFrozen(v), () => "thawed"),
  },
  {
    name: "own '__proto__' key as data",
    make: () => JSON.parse(PROTO),
    check(v) {
      if (Object.getPrototypeOf(v) !== Object.prototype) {
        return "PROTOTYPE REPLACED";
      }
      return unless(JSON.stringify(v) === PROTO, () => "dropped");
    },
  },
  {
    name: "keys constructor/toString as data",
    make: () => ({ constructor: 1, toString: 2, hasOwnProperty: 3 }),
    check: (v) =>
      unless(
        JSON.stringify(v) ===
          '{"constructor":1,"toString":2,"hasOwnProperty":3}',
        () => "dropped",
      ),
  },
  deep(5_000, "depth 5,000"),
  deep(200_000, "depth 200,000 (no crash)"),
];

type View = Uint8Array | DataView;

/** A row for one class of views, with what its bytes are. */
function view(name: string, make: () => View, exists = true): RowOf {
  const bytes = (value: ArrayBufferView) =>
    String(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  return {
    name,
    exists,
    make,
    check(v) {
      const wanted = make();
      if (!isOf(v, wanted.constructor)) return kind(v);
      return unless(bytes(v) === bytes(wanted), () => "other bytes");
    },
  };
}
/** The types of the other views do not matter here. */
const numbers = (make: () => ArrayBufferView) => make as () => View;

const { Float16Array } = globalThis as unknown as {
  Float16Array?: new (numbers: number[]) => ArrayBufferView;
};
const BACKING = 262_144;

export const binary: readonly RowOf[] = [
  view("Uint8Array", () => new Uint8Array([0, 1, 255])),
  {
    name: "[sec] subarray sends only its bytes",
    make: () => new Uint8Array(BACKING).fill(7).subarray(10, 20),
    check(v, { wireLength }) {
      if (!ArrayBuffer.isView(v)) return "not a view";
      const sent = wireLength ?? v.buffer.byteLength;
      return unless(
        v.byteLength === 10 && sent < BACKING,
        () => "whole 256 KiB backing buffer sent",
      );
    },
  },
  view(
    "Float64Array (-0, NaN)",
    numbers(() => new Float64Array([-0, NaN, 1.5])),
  ),
  view("Float32Array", numbers(() => new Float32Array([1.5, -2]))),
  view("BigInt64Array", numbers(() => new BigInt64Array([1n, -1n]))),
  view(
    "Float16Array",
    numbers(() => new Float16Array!([1.5, -2])),
    Float16Array !== undefined,
  ),
  {
    name: "ArrayBuffer",
    make: () => new Uint8Array([1, 2, 3]).buffer,
    check: (v) =>
      unless(
        isOf(v, ArrayBuffer) && String(new Uint8Array(v)) === "1,2,3",
        () => kind(v),
      ),
  },
  view(
    "DataView",
    () => new DataView(new Uint8Array([9, 1, 2, 3, 9]).buffer, 1, 3),
  ),
  {
    name: "two views share one buffer",
    make: () => {
      const buffer = new ArrayBuffer(8);
      return { a: new Uint8Array(buffer), b: new Uint8Array(buffer, 2, 2) };
    },
    check(v) {
      if (!isOf(v?.a, Uint8Array) || !isOf(v.b, Uint8Array)) {
        return "not Uint8Array";
      }
      v.a[2] = 99;
      return unless(v.b[0] === 99, () => "unshared");
    },
  },
  {
    name: "Blob",
    make: () => new Blob(["brine"], { type: "text/x" }),
    check: async (v) =>
      unless(
        v instanceof Blob && v.type === "text/x" && await v.text() === "brine",
        () => kind(v),
      ),
  },
  {
    name: "File",
    make: () =>
      new File(["brine"], "b.txt", { type: "text/x", lastModified: 7 }),
    check: async (v) =>
      unless(
        v instanceof File && v.name === "b.txt" && v.type === "text/x" &&
          v.lastModified === 7 && await v.text() === "brine",
        () => kind(v),
      ),
  },
];
