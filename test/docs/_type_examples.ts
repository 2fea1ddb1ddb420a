/** What `docs/types.md` shows of each type: a value, and what there is to know of it. */
type Example = readonly [source: string | undefined, note?: string];

/** Plain data, and what looks like a tag. */
export const PLAIN: readonly (readonly [source: string, note: string])[] = [
  ['[null, true, "salt", 1.5]', ""],
  ["{ a: 1 }", "keys in their order, `constructor` and `toString` as well"],
  ["2 ** 60", "a number; the other side reads the same one"],
  ["{ $gt: 5 }", "an only key with `$` in front gets one more"],
  ["((a) => [a, a])({ n: 1 })", "met twice: a graph"],
];

const temporal = "where the runtime has `Temporal`";
const view =
  "only the bytes that it shows are sent; views that overlap in one buffer stay so, as parts of a `Region`";
const error = "own properties; no stack";

/** By the name on the wire, in no order. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  Array: [
    "[1, , 3]",
    "with holes, frozen, sealed or not extensible: traits, length, then index and item; any other array is plain",
  ],
  ArrayBuffer: ["new ArrayBuffer(2)", "one frame"],
  bigint: ["-255n", "hexadecimal; at most 100,000 digits"],
  Date: ["new Date(0)", "`null` if it is invalid"],
  DOMException: ['new DOMException("no salt", "AbortError")', "no stack"],
  FormData: [
    '(() => { const f = new FormData(); f.append("a", "b"); return f; })()',
    "with files in it: only in streams",
  ],
  Headers: ['new Headers({ a: "b" })', "`set-cookie` more than once"],
  Map: ['new Map([["a", 1]])', "keys and values of any type, itself too"],
  number: ["-0", "`NaN`, `Infinity`, `-Infinity` and `-0`; others are plain"],
  Object: [
    "Object.freeze({ a: 1 })",
    "frozen, sealed, not extensible, without a prototype, or with symbols or `__proto__` for keys; any other object is plain",
  ],
  RegExp: ["/a\\/b/gi", "`lastIndex` is not kept: it comes back as 0"],
  Region: [
    "((b) => [new Uint8Array(b), new Uint8Array(b, 1)])(new ArrayBuffer(2))",
    "the bytes that several views share; never a value by itself",
  ],
  Set: ["new Set([1])", "values of any type, itself too"],
  string: [
    undefined,
    "text with lone surrogates, as its UTF-16 code units: in `msgpack` only, since JSON has escapes for them",
  ],
  symbol: ['Symbol.for("a")', "registered, or well known: `Symbol.iterator`"],
  undefined: ["[undefined]", "as a property, in an array, alone"],
  URL: ['new URL("https://example.org/")', ""],
  URLSearchParams: ['new URLSearchParams("a=1&a=2")', ""],
  Number: ["new Number(1)", "boxed"],
  String: ['new String("a")', "boxed"],
  Boolean: ["new Boolean(true)", "boxed"],
  BigInt: ["Object(1n)", "boxed"],
  Symbol: ["Object(Symbol.iterator)", "boxed"],
  Error: [
    'Object.assign(new Error("no salt", { cause: 1 }), { code: "E" })',
    "`message`, `cause`, a `name` of its own, and what can be enumerated; **no stack**, unless `createRegistry({ stack: true })`",
  ],
  EvalError: ['new EvalError("a")', error],
  RangeError: ['new RangeError("a")', error],
  ReferenceError: ['new ReferenceError("a")', error],
  SyntaxError: ['new SyntaxError("a")', error],
  TypeError: ['new TypeError("a")', error],
  URIError: ['new URIError("a")', error],
  AggregateError: ['new AggregateError([1], "a")', `${error}; and \`errors\``],
  "Temporal.Duration": ['Temporal.Duration.from("PT1S")', temporal],
  "Temporal.Instant": [
    'Temporal.Instant.from("2026-01-01T00:00:00Z")',
    temporal,
  ],
  "Temporal.PlainDate": ['Temporal.PlainDate.from("2026-01-01")', temporal],
  "Temporal.PlainDateTime": [
    'Temporal.PlainDateTime.from("2026-01-01T00:00:00")',
    temporal,
  ],
  "Temporal.PlainMonthDay": [
    'Temporal.PlainMonthDay.from("01-01")',
    temporal,
  ],
  "Temporal.PlainTime": ['Temporal.PlainTime.from("00:00:00")', temporal],
  "Temporal.PlainYearMonth": [
    'Temporal.PlainYearMonth.from("2026-01")',
    temporal,
  ],
  "Temporal.ZonedDateTime": [
    'Temporal.ZonedDateTime.from("2026-01-01T00:00:00+01:00[Europe/Berlin]")',
    temporal,
  ],
  Uint8Array: ["new Uint8Array([1, 2])", view],
  Int8Array: ["new Int8Array(2)"],
  Uint8ClampedArray: ["new Uint8ClampedArray(2)"],
  Int16Array: ["new Int16Array(2)"],
  Uint16Array: ["new Uint16Array(2)"],
  Int32Array: ["new Int32Array(2)"],
  Uint32Array: ["new Uint32Array(2)"],
  Float16Array: ["new Float16Array(2)", "where the runtime has it"],
  Float32Array: ["new Float32Array(2)"],
  Float64Array: ["new Float64Array(2)", "`-0` and `NaN` as they are"],
  BigInt64Array: ["new BigInt64Array(2)"],
  BigUint64Array: ["new BigUint64Array(2)"],
  DataView: ["new DataView(new ArrayBuffer(2))"],
};

/** What only streams take. */
export const LIVE: Readonly<Record<string, Example>> = {
  Promise: ["[Promise.resolve(1)]", "a rejection arrives as a `RemoteError`"],
  AsyncIterable: [
    "(async function* () { yield 1; })()",
    "generators, and whatever has `Symbol.asyncIterator`",
  ],
  ReadableStream: [
    "new ReadableStream({ start: (c) => c.close() })",
    "of values or of bytes; cancelling it can reach its source",
  ],
  Blob: ['new Blob(["a"], { type: "image/png" })', ""],
  File: ['new File(["a"], "a.txt", { lastModified: 7 })', ""],
};
