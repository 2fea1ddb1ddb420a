/**
 * Every kind of value that the default registry keeps, and every kind that it must refuse. A new type is a new row: the
 * tests beside this file put each through both families, whole and in streams, alone and inside of everything else.
 */
import { equal } from "node:assert/strict";
import { same } from "./_same.ts";

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

function withItself<T>(value: T, put: (value: T) => unknown): T {
  put(value);
  return value;
}

function bare(value: object): object {
  return Object.assign(Object.create(null), value);
}

/** Objects that are more than what is in them. */
const special: Row[] = [
  row("a hole", () => [1, , 3]),
  row("a hole at the end", () => [1, ,]),
  row("only holes", () => new Array(3)),
  row("holes without end", () => new Array(2 ** 32 - 1)),
  row("an item among many holes", () => {
    const array = new Array(1e9);
    array[5e8] = { a: undefined };
    return array;
  }),
  row("an object without a prototype", () => bare({ a: 1, $b: { c: -0 } })),
  row("an empty one", () => Object.create(null)),
  row("a frozen object", () => Object.freeze({ a: Object.freeze({}) })),
  row("a sealed object", () => Object.seal({ a: 1 })),
  row("an object that takes no more", () => Object.preventExtensions({ a: 1 })),
  row("a frozen object without a prototype", () => Object.freeze(bare({}))),
  row("a frozen array", () => Object.freeze([1, [2], undefined])),
  row("a sealed array with a hole", () => Object.seal([1, , 3])),
  row("an array that takes no more", () => Object.preventExtensions([])),
];

/** What is met twice, or in itself. */
const graphs: Row[] = [
  row("an object twice", () => {
    const a = { a: 1 };
    return [a, a, { a }];
  }),
  row("an array twice", () => {
    const a: unknown[] = [undefined];
    return new Map<unknown, unknown>([[a, a], ["k", [a]]]);
  }),
  row("a Date twice", () => {
    const date = new Date(0);
    return { date, dates: new Set([date]) };
  }),
  row(
    "an object in itself",
    () => withItself({} as never, (o) => Object.assign(o, { o })),
  ),
  row("an array in itself", () => withItself<unknown[]>([1], (a) => a.push(a))),
  row("a Map in itself", () => withItself(new Map(), (m) => m.set(m, m))),
  row("a Set in itself", () => withItself(new Set(), (s) => s.add([s]))),
  row("a frozen object in itself", () => {
    const o: Record<string, unknown> = { a: [] };
    o.o = [o];
    return Object.freeze(o);
  }),
  row(
    "an object without a prototype in itself",
    () => withItself(Object.create(null), (o) => o.o = o),
  ),
  row(
    "a hole in itself",
    () => withItself<unknown[]>(new Array(3), (a) => a[1] = a),
  ),
  row("records with references back", () => {
    const all: Record<string, unknown>[] = [];
    for (let i = 0; i < 300; i++) {
      all.push({
        i,
        up: all[i >> 1] ?? null,
        name: `n${i % 7}`,
        when: i % 3 ? new Date(i) : undefined,
      });
    }
    return all;
  }),
  row("objects of many keys in a cycle", () => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`k${i}`, [] as unknown[]]),
    );
    many.k7!.push(many, many);
    return many;
  }),
  row(
    "awkward keys in a cycle",
    () =>
      withItself(
        withProto(1) as never,
        (o: Record<string, unknown>) => o["\ud800"] = o,
      ),
  ),
  row(
    "look-alikes in a cycle",
    () => withItself<Record<string, unknown>>({}, (o) => o.$Date = [o]),
  ),
  row(
    "arrays 990 deep, with an end",
    () => nested(990, (a) => [a, undefined], -0),
  ),
];

const shared: Row[] = [
  row("two views of one buffer", () => {
    const { buffer } = Uint8Array.from({ length: 64 }, (_, i) => i);
    return [new Uint8Array(buffer), new Float64Array(buffer, 8, 2)];
  }),
  row("views that overlap", () => {
    const { buffer } = Uint8Array.from({ length: 64 }, (_, i) => i);
    return {
      a: new Uint8Array(buffer, 3, 10),
      b: new Int16Array(buffer, 12, 5),
      c: new DataView(buffer, 22, 1),
    };
  }),
  row("a buffer and its view", () => {
    const view = new Float32Array([1, 2, 3]);
    return [view.buffer, view];
  }),
  row("one view twice", () => {
    const view = Uint8Array.of(1, 2, 3);
    return [view, { view }];
  }),
];

const symbols: Row[] = [
  ...is(
    Symbol.for("salt"),
    Symbol.for(""),
    Symbol.iterator,
    Symbol.asyncIterator,
  ),
  row(
    "keys that are symbols",
    () => ({
      a: 1,
      [Symbol.for("b")]: [Symbol.hasInstance],
      [Symbol.iterator]: 0n,
    }),
  ),
];

const searched = () => {
  const pattern = /a/g;
  pattern.test("aa");
  return pattern;
};

const builtins: Row[] = [
  row("a RegExp", () => /a\/b[^\]]*\u{1F9C2}/giu),
  row("an empty RegExp", () => new RegExp("")),
  {
    name: "a RegExp after a search",
    make: searched,
    check: (actual) => same(actual, /a/g),
  },
  row("boxed numbers", () => [new Number(1), new Number(-0), Object(1n)]),
  row("boxed text", () => [new String("a\ud800"), new Boolean(false)]),
  row("a boxed symbol", () => Object(Symbol.for("s"))),
  row("a URL", () => new URL("https://user:pass@example.com:8080/a%20b?c=ü#d")),
  row(
    "URLSearchParams",
    () => new URLSearchParams([["?a", "1"], ["?a", "&="], ["", "ü"]]),
  ),
  row("no URLSearchParams", () => new URLSearchParams()),
  row(
    "Headers",
    () =>
      new Headers([["Set-Cookie", "a=1"], ["set-cookie", "b=2"], [
        "X-A",
        "1, 2",
      ]]),
  ),
  row("a DOMException", () => new DOMException("gone", "AbortError")),
];

const failures: Row[] = [
  row("an Error", () => new Error("no salt")),
  row("an Error without a message", () => new Error()),
  row(
    "a TypeError with a cause",
    () => new TypeError("a", { cause: new RangeError("b") }),
  ),
  row(
    "a cause that is undefined",
    () => new SyntaxError("a", { cause: undefined }),
  ),
  row(
    "an AggregateError",
    () => new AggregateError([new Error("a"), 1n], "both"),
  ),
  row(
    "an Error with properties",
    () =>
      Object.assign(new Error("a"), {
        code: "ENOENT",
        at: new Date(0),
        stackless: true,
      }),
  ),
  row(
    "an Error with a name",
    () => Object.assign(new Error("a"), { name: "Unwell" }),
  ),
  row(
    "an Error in itself",
    () => withItself(new Error("a", { cause: 0 }), (e) => e.cause = [e]),
  ),
];

const times: Row[] = "Temporal" in globalThis
  ? [
    ["Instant", "2024-02-29T12:00:00.123456789Z"],
    ["ZonedDateTime", "2024-02-29T12:00:00+01:00[Europe/Berlin][u-ca=hebrew]"],
    ["PlainDate", "2024-02-29[u-ca=japanese]"],
    ["PlainTime", "12:00:00.000000001"],
    ["PlainDateTime", "-000001-01-01T00:00"],
    ["PlainYearMonth", "2024-02"],
    ["PlainMonthDay", "02-29"],
    ["Duration", "-P1Y2M3W4DT5H6M7.008009010S"],
  ].map(([name, text]) => ({
    name: `Temporal.${name}`,
    // deno-lint-ignore no-explicit-any
    make: () => (globalThis as any).Temporal[name!].from(text),
    check(actual: unknown, expected: unknown) {
      equal(Object.getPrototypeOf(actual), Object.getPrototypeOf(expected));
      equal(String(actual), String(expected));
    },
  }))
  : [];

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
  ...special,
  ...symbols,
  ...builtins,
  ...failures,
  ...times,
  ...graphs,
  ...shared,
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

class Table extends Map {}
class Unwell extends Error {}

/** All that is refused. */
export const refused: readonly RefusedRow[] = [
  { name: "a function", make: () => () => 1 },
  { name: "a symbol", make: () => Symbol("s") },
  { name: "an instance of a class", make: () => new Unknown() },
  { name: "an array of a class", make: () => List.from([1]) },
  { name: "a Map of a class", make: () => new Table() },
  { name: "an object that inherits", make: () => Object.create({ a: 1 }) },
  { name: "a WeakMap", make: () => new WeakMap() },
  { name: "a Promise", make: () => Promise.resolve(1) },
  {
    name: "a key that is a symbol of its own",
    make: () => ({ [Symbol("s")]: 1 }),
    path: "[1]",
  },
  { name: "an error of a class", make: () => new Unwell("x") },
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
  {
    name: "a function in a Map",
    make: () => new Map([["k", 1], ["f", () => 1]] as [string, unknown][]),
    path: "[3]",
  },
  {
    name: "a function for a key of a Map",
    make: () => new Map([[() => 1, 1]]),
    path: "[0]",
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
