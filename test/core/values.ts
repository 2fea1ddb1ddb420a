/**
 * Every kind of value that the default registry keeps, and every kind that it must refuse. A new type is a new row: the
 * tests beside this file put each through both families, whole and in streams, alone and inside of everything else.
 */
/** A value that comes back as it was. */
export interface Row {
  readonly name: string;
  /** Makes it anew, so that the input can be compared with what it was. */
  readonly make: () => unknown;
  /** Compares, where `same` does not see all there is. */
  readonly check?: (actual: unknown, expected: unknown) => void;
}

const row = (name: string, make: () => unknown): Row => ({ name, make });
const is = (...values: unknown[]): Row[] =>
  values.map((value) => row(nameOf(value), () => value));

/** `make` in itself, so many times. */
export function nested(
  depth: number,
  wrap: (inner: unknown) => unknown,
  innermost: unknown = 1,
): unknown {
  let value = innermost;
  for (let i = 0; i < depth; i++) value = wrap(value);
  return value;
}

/** An object with a key of its own that an assignment would take for its prototype. */
export function withProto(value: unknown): object {
  return Object.fromEntries([["a", 1], ["__proto__", value]]);
}

const VIEWS = [
  ...["Uint8Array", "Int8Array", "Uint8ClampedArray", "Int16Array"],
  ...["Uint16Array", "Int32Array", "Uint32Array", "Float16Array"],
  ...["Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"],
  "DataView",
] as const;

type ViewClass = new (buffer: ArrayBuffer, at?: number, length?: number) =>
  & ArrayBufferView
  & { byteLength: number };

function viewRows(): Row[] {
  const classes = globalThis as unknown as Record<string, ViewClass>;
  return VIEWS.filter((name) => name in globalThis).flatMap((name) => {
    const View = classes[name]!;
    const buffer = () =>
      Uint8Array.from({ length: 64 }, (_, i) => i * 37).buffer;
    return [
      row(name, () => new View(buffer())),
      row(`${name} of nothing`, () => new View(new ArrayBuffer(0))),
      row(`${name} within a buffer`, () => new View(buffer(), 16, 3)),
    ];
  });
}

const texts: Row[] = [
  row("text", () => "text"),
  row("empty text", () => ""),
  row("text beyond ASCII", () => "åß∂ 漢字 🧂"),
  row("text with escapes", () => '"\\\b\f\n\r\t\0\x7f\u2028\u2029'),
  row("a byte order mark", () => "\ufeff"),
  row("long text after a byte order mark", () => "\ufeff" + "x".repeat(300)),
  row("long text after two", () => "\ufeff\ufeff" + "é".repeat(300)),
  row("a noncharacter", () => "\uffff\ufffe"),
  row("a replacement character", () => "\ufffd"),
  row("a lone high surrogate", () => "a\ud800b"),
  row("a lone low surrogate", () => "\udfff"),
  row("surrogates in the wrong order", () => "\udc00\ud800".repeat(1001)),
  row("70,000 characters", () => "salt 🧂".repeat(10_000)),
];

const objects: Row[] = [
  row("an empty object", () => ({})),
  row("an object", () => ({ b: 1, a: [true, null, "x"], 2: {}, 1: [] })),
  row("keys of Object.prototype", () => ({
    constructor: 1,
    toString: 2,
    hasOwnProperty: { valueOf: 3n },
    toJSON: "no function",
    then: null,
  })),
  row("a key __proto__", () => withProto({ polluted: true })),
  row("a key __proto__ over nothing", () => withProto(null)),
  row("__proto__ in __proto__", () => withProto(withProto(1n))),
  row(
    "awkward keys",
    () => ({ "": 1n, " ": 2, "a.b": 3, "\ufeff": 4, "🧂": 5 }),
  ),
  row("a long key after a byte order mark", () => ({
    ["\ufeff" + "k".repeat(300)]: 1n,
  })),
  row("a lone surrogate in a key", () => ({ "\ud800": 1, b: undefined })),
  row("undefined in an object", () => ({ a: undefined, b: [undefined] })),
  row(
    "2,000 keys",
    () =>
      Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, i])),
  ),
];

/** What looks like a tag, in the user's data. */
const lookAlikes: Row[] = [
  { $Date: [0] },
  { $Date: "x" },
  { $bigint: ["0x1"] },
  { $Nothing: [] },
  { $Object: [["a", 1]] },
  { $Uint8Array: [null, 0] },
  { $: 1 },
  { $$: 1 },
  { $$Date: [0] },
  { $$$Date: { $Date: [0n] } },
  { $__proto__: { $$__proto__: 1 } },
  { $gt: { $lt: { $in: [] } } },
  { $a: 1, $b: 2 },
  { $a: 1, b: 2 },
  { "$\ud800": 1 },
  [{ $Map: [[[1, 2]]] }, ["$Map", []]],
].map((value) =>
  row(
    JSON.stringify(value, (_, v) => typeof v === "bigint" ? `${v}n` : v),
    () => value,
  )
);

const collections: Row[] = [
  row("an empty array", () => []),
  row("an array", () => [1, "b", [null, [false]], { c: [] }]),
  row("undefined in an array", () => [undefined, 1, undefined]),
  row(
    "5,000 items of all kinds",
    () =>
      Array.from(
        { length: 5_000 },
        (_, i) => [i, -i, `${i}`, BigInt(i)][i % 4],
      ),
  ),
  row("an empty Map", () => new Map()),
  row(
    "a Map",
    () => new Map<unknown, unknown>([["a", 1], [2, "b"], [NaN, -0]]),
  ),
  row(
    "a Map by objects",
    () =>
      new Map<unknown, unknown>([[{ a: 1 }, new Map([[[], new Set()]])], [
        [],
        0n,
      ]]),
  ),
  row("an empty Set", () => new Set()),
  row("a Set", () => new Set<unknown>([1, "1", 1n, NaN, undefined, null, {}])),
  row("sets in sets", () => new Set([new Set([new Set()]), new Set()])),
  row("arrays 900 deep", () => nested(900, (inner) => [inner])),
  row("objects 900 deep", () => nested(900, (a) => ({ a }), 1n)),
  row("maps 300 deep", () => nested(300, (inner) => new Map([[1, inner]]))),
  row("escaped keys 900 deep", () => nested(900, ($) => ({ $ }), undefined)),
];

const dates = [0, -1, 1.7e12, 8.64e15, -8.64e15, NaN].map((time) =>
  row(`Date ${time}`, () => new Date(time))
);

/** All that comes back. */
export const kept: readonly Row[] = [
  ...is(null, true, false, undefined),
  ...is(0, -0, 1, -1, 0.1, 127, 128, 255, 256, 65535, 65536, 2 ** 31, 2 ** 32),
  ...is(-32, -33, -128, -129, -32769, -(2 ** 31) - 1, 2 ** 53, -(2 ** 53)),
  ...is(2 ** 53 - 1, 1 - 2 ** 53, 2 ** 63, 2 ** 64, -(2 ** 63), 1e21, 1e-7),
  ...is(Number.MAX_VALUE, Number.MIN_VALUE, NaN, Infinity, -Infinity),
  ...is(0n, 1n, -1n, 2n ** 53n, 2n ** 63n, 2n ** 64n, -(2n ** 64n)),
  row("a bigint of 20,000 bits", () => -(2n ** 20_000n) + 1n),
  ...texts,
  ...objects,
  ...lookAlikes,
  ...collections,
  ...dates,
  ...viewRows(),
  row("an ArrayBuffer", () => Uint8Array.of(1, 2, 3).buffer),
  row("an empty ArrayBuffer", () => new ArrayBuffer(0)),
];

/** A value that cannot come back as it was, so that writing it is an error. */
export interface RefusedRow {
  readonly name: string;
  readonly make: () => unknown;
  /** Where it is wrong: what follows the path of the value itself. @default {""} */
  readonly path?: string;
}

class Unknown {
  a = 1;
}
class List extends Array {}

function cyclic(): object {
  const value = { a: 1, me: [] as unknown[] };
  value.me.push(value);
  return value;
}

/** All that is refused. */
export const refused: readonly RefusedRow[] = [
  { name: "a function", make: () => () => 1 },
  { name: "a symbol", make: () => Symbol("s") },
  { name: "a known symbol", make: () => Symbol.iterator },
  { name: "an instance of a class", make: () => new Unknown() },
  { name: "an array of a class", make: () => List.from([1]) },
  { name: "an object without a prototype", make: () => Object.create(null) },
  { name: "an object that inherits", make: () => Object.create({ a: 1 }) },
  { name: "a WeakMap", make: () => new WeakMap() },
  { name: "a Promise", make: () => Promise.resolve(1) },
  { name: "a hole", make: () => [1, , 3], path: "[1]" },
  { name: "only holes", make: () => new Array(3), path: "[0]" },
  { name: "a key that is a symbol", make: () => ({ [Symbol("s")]: 1 }) },
  {
    name: "a bigint of a million digits",
    make: () => 2n ** 4_000_000n,
  },
  { name: "a detached buffer", make: () => detached() },
  {
    name: "a view of a detached buffer",
    make: () => {
      const view = new Float64Array(3);
      structuredClone(view, { transfer: [view.buffer] });
      return view;
    },
  },
  { name: "a frozen object", make: () => Object.freeze({}) },
  { name: "a sealed array", make: () => Object.seal([1]) },
  {
    name: "an object that contains itself",
    make: cyclic,
    path: ".me[0]",
  },
  {
    name: "a function in a Map",
    make: () => new Map([["k", 1], ["f", () => 1]] as [string, unknown][]),
    path: "[1][1]",
  },
  {
    name: "a function for a key of a Map",
    make: () => new Map([[() => 1, 1]]),
    path: "[0][0]",
  },
  {
    name: "a function in a Set",
    make: () => new Set([1, () => 1]),
    path: "[1]",
  },
  {
    name: "a function under an awkward name",
    make: () => ({ "a b": [{ $c: () => 1 }] }),
    path: '["a b"][0]["$c"]',
  },
];

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

function nameOf(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  return typeof value === "bigint" ? `${value}n` : String(value);
}
