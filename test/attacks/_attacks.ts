/** What was done to others who build values from what they are sent, spelled as our families would have it. */
import type { Bytes } from "../../mod.ts";

/** One message that means harm. */
export interface Attack {
  readonly name: string;
  /** What the message's text or msgpack spells. */
  readonly tree: unknown;
  /** The frames behind it. */
  readonly frames?: readonly Bytes[];
}

/** With `__proto__` as a key like others. */
const json = (text: string): unknown => JSON.parse(text);
const tag = (type: string, ...list: unknown[]) => ({ [`$${type}`]: list });
const graph = (...tokens: unknown[]) => ({ $Graph: tokens });
/** For more tokens than a call takes. */
const graphOf = (...parts: readonly unknown[][]) => ({ $Graph: parts.flat() });
const times = <T>(count: number, item: T): T[] => Array(count).fill(item);
const copies = (count: number, item: unknown): unknown[] => {
  const text = JSON.stringify(item);
  return Array.from({ length: count }, () => JSON.parse(text));
};

const pollution: Record<string, unknown> = {
  "a key __proto__": json('{"__proto__":{"polluted":1}}'),
  "constructor.prototype": json('{"constructor":{"prototype":{"polluted":1}}}'),
  "a tag $__proto__": json('{"$__proto__":[{"polluted":1}]}'),
  "a tag $constructor": tag("constructor", ["polluted"]),
  "an escaped __proto__": json('{"$$__proto__":{"polluted":1}}'),
  "an object's __proto__": tag("Object", ["", "__proto__", { polluted: 1 }]),
  "an object's constructor": tag("Object", ["", "constructor", {}]),
  "an object's traits": tag("Object", [{ polluted: 1 }, "a", 1]),
  "an error's __proto__": tag("Error", ["__proto__", { polluted: 1 }]),
  "an error's constructor": tag("Error", ["constructor", { prototype: 1 }]),
  "a map's __proto__": tag("Map", ["__proto__", { polluted: 1 }]),
  "a shape's __proto__": graph(-4, "v", "__proto__", -4, "p", "polluted", 1),
  "a shape's constructor": graph(
    ...[-4, "v", "constructor", -4, "v", "prototype", -4, "p", "polluted", 1],
  ),
  "a type __proto__": graph(-5, "__proto__", "o"),
  "a type constructor": graph(-5, "constructor", "ov", -1, 1),
  "a type hasOwnProperty": graph(-5, "hasOwnProperty", "p", "x"),
  "the prototype by a well-known symbol": tag("Object", [
    ...["", tag("symbol", ["toPrimitive"]), {}, tag("symbol", ["species"]), 1],
  ]),
  "a thenable": { then: { call: 1 }, toJSON: 1, valueOf: null },
};

const LONG = 4_294_967_295;
const hollow = (length: number) => tag("Array", ["", length]);

const sparse: Record<string, unknown> = {
  "an array of 2^32-1": hollow(LONG),
  "a frozen array of 2^32-1": tag("Array", ["frozen", LONG, 5, 1]),
  "1,000 arrays of a million": copies(1_000, hollow(1_000_000)),
  "1,000 arrays of 99,999": copies(1_000, hollow(99_999)),
  "an array filled from behind": tag("Array", [
    ...["", 100_000],
    ...Array.from({ length: 10_000 }, (_, i) => [99_999 - 9 * i, 1]).flat(),
  ]),
  "an array with too high an index": tag("Array", ["", 10, 11, 1]),
  "an array of no length": tag("Array", ["", 1e300]),
  ...Object.fromEntries(
    ["Map", "Set", "string", "Headers", "FormData", "Error", "Object", "Array"]
      .map((type) => [`${type} of 2^32-2 holes`, tag(type, hollow(LONG - 1))]),
  ),
  ...Object.fromEntries(
    ["Date", "RegExp", "symbol", "DOMException", "URL", "bigint", "BigInt"]
      .map((type) => [`${type} of 2^32-2 holes`, tag(type, hollow(LONG - 1))]),
  ),
  "a region's part of holes": tag("Uint8Array", hollow(LONG - 1)),
};

/** The array in which there are 2^40 ones, if it is written out. */
const laughs = () => [
  ...[-3, 40],
  ...[-2, 2, 1, 1],
  ...Array.from({ length: 39 }, (_, i) => [-3, 2, i + 1, i + 1]).flat(),
];

/** A list of that array and a header that holds it: object 40 is the largest. */
const laughed = (type: string, kind: string, ...header: unknown[]) =>
  graph(-3, 2, ...laughs(), -5, type, kind, ...header);

const graphs: Record<string, unknown> = {
  "billions of ones": graph(...laughs()),
  "billions for a name": laughed("Error", "ov", -3, 2, -1, "name", 41),
  "billions for a message": laughed("Error", "ov", -3, 2, -1, "message", 41),
  "billions for a date": laughed("Date", "ov", 41),
  "billions for a header": laughed("Headers", "ov", -3, 2, -1, "a", 41),
  "billions for a header's name": laughed("Headers", "ov", -3, 2, 41, -1, "a"),
  "billions for a field": laughed("FormData", "ov", -3, 2, 41, -1, "a"),
  "billions for a URL": laughed("URL", "ov", 41),
  "billions for a query": laughed("URLSearchParams", "ov", 41),
  "billions for a pattern": laughed("RegExp", "ov", -3, 2, 41, -1, "g"),
  "billions for digits": laughed("bigint", "v", 41),
  "billions for a symbol": laughed("symbol", "v", -3, 2, -1, "for", 41),
  "billions for a number": laughed("number", "v", 41),
  "billions for a length": laughed("Array", "ov", -3, 2, -1, "", 41),
  "billions for traits": laughed("Object", "ov", -3, 1, 41),
  "billions for an instant": laughed("Temporal.Instant", "ov", 41),
  "a count of what is not there": graph(-3, 1e9),
  "a count of primitives that are not there": graph(-2, 2 ** 53 - 1),
  "a negative count": graph(-3, -1, 1),
  "half a count": graph(-3, 0.5),
  "a count in text": graph(-3, "3", 1, 1, 1),
  "a count that is a list": graph(-2, [3], 1, 1, 1),
  "a code that nothing has": graph(-1_000_000),
  "a code far off": graph(-(2 ** 53)),
  "an object that is not there": graph(-3, 1, 7),
  "an object that comes later": graph(-3, 2, 2, -3, 0),
  "a date in itself": graph(-5, "Date", "ov", 0),
  "a box in itself": graph(-5, "Number", "ov", 0),
  "an error in its own name": graph(-5, "Error", "ov", -3, 2, -1, "name", 0),
  "a map in itself, and more": graph(-5, "Map", "ov", -3, 2, 0, 0, 0),
  "a bigint that is an object": graph(-5, "bigint", "op", "0x1"),
  "a map that is no object": graph(-5, "Map", "v", -3, 2, -1, 1, -1, 1),
  "kinds of nothing": graph(-4, "x", "a", 1),
  "kinds that are no text": graph(-4, 5, "a", 1),
  "100,000 kinds without keys": graph(-4, "p".repeat(100_000), "a"),
  "a type's kind of nothing": graph(-5, "Date", "pvf", 1),
  "a type without a name": graph(-5, null, "o"),
  "a type within a type": graph(-5, "Date", "ov", -5, "Date", "ov", -1, 0),
  "no token": graph(),
  "a token that is no number": graph({ toString: 1 }),
  "a token that is a list": graph([-3, 1]),
  "tokens behind the value": graph(-1, 1, 2),
  "20,000 shapes": graphOf([-3, 20_000], times(20_000, [-4, ""]).flat()),
  "a graph in a graph": graph(-2, 1, graph(-1, 1)),
  "a million frames": graph(-5, "Uint8Array", "of", 1e6, 0),
  "a frame by another name": graph(-5, "Uint8Array", "of", 1, "length"),
  "a graph that is no list": { $Graph: { length: 1e9 } },
  "100,000 within each other": graphOf(times(100_000, [-3, 1]).flat(), [-1, 1]),
  "100,000 objects within each other": graphOf(
    [-4, "v", "a"],
    times(100_000, -6),
  ),
  "50,000 maps within each other": graphOf(
    [-5, "Map", "ov", -3, 2, -1, 1],
    times(50_000, [-6, -3, 2, -1, 1]).flat(),
  ),
  "300 causes in a circle": graph(
    ...[-5, "Error", "ov", -3, 2, -1, "cause"],
    ...times(300, [-6, -3, 2, -1, "cause"]).flat(),
    0,
  ),
};

const values: Record<string, unknown> = {
  "a bigint of 5,000,000 digits": tag("bigint", "0x" + "f".repeat(5_000_000)),
  "a bigint of 90,000 decimal digits": tag("bigint", "9".repeat(90_000)),
  "20 bigints of 90,000 digits": copies(
    20,
    tag("bigint", "0x" + "f".repeat(90_000)),
  ),
  "20,000 sets within each other": json(
    '{"$Set":[['.repeat(20_000) + "]]}".repeat(20_000),
  ),
  "a pattern of open brackets": tag("RegExp", ["(".repeat(100_000), ""]),
  "a pattern of brackets": tag("RegExp", [
    ...["(".repeat(20_000) + ")".repeat(20_000), ""],
  ]),
  "a pattern that repeats itself": tag("RegExp", [
    ...["(((a{1,1000}){1,1000}){1,1000}){1,1000}", "v"],
  ]),
  "a pattern of classes": tag("RegExp", ["[a-z&&[^b]]".repeat(5_000), "v"]),
  "a pattern of backtracking": tag("RegExp", ["(a*)*".repeat(10_000), ""]),
  "flags twice": tag("RegExp", ["a", "gg"]),
  "100,000 flags": tag("RegExp", ["a", "g".repeat(100_000)]),
  "a URL of 100,000 labels": tag("URL", "http://" + "a.".repeat(100_000)),
  "a URL in 50,000 umlauts": tag("URL", "http://" + "ü".repeat(50_000)),
  "a URL in punycode": tag("URL", "http://xn--" + "a9".repeat(20_000)),
  "a URL of at signs": tag("URL", "http://" + "@".repeat(50_000) + "a"),
  "a URL up and up": tag("URL", "http://a/" + "../".repeat(50_000)),
  "a URL of numbers": tag("URL", "http://" + "1".repeat(50_000)),
  "a URL of colons": tag("URL", "http://[" + ":".repeat(50_000) + "]"),
  "a URL of code": tag("URL", "javascript:alert(1)"),
  "a query of ampersands": tag("URLSearchParams", "&=".repeat(50_000)),
  "5,000 headers of one name": tag(
    "Headers",
    times(5_000, ["a", "b"]).flat(),
  ),
  "a header on two lines": tag("Headers", ["a", "b\r\nc: d"]),
  "an instant of 100,000 digits": tag(
    "Temporal.Instant",
    "2020-01-01T00:00:00." + "1".repeat(100_000) + "Z",
  ),
  "a zone of brackets": tag(
    "Temporal.ZonedDateTime",
    "2020-01-01T00:00:00" + "[u-ca=iso8601]".repeat(5_000),
  ),
  "a duration of digits": tag("Temporal.Duration", `P${"9".repeat(90_000)}D`),
  "an error whose stack is no text": tag("Error", ["stack", { at: 1 }]),
  "an error whose name is a symbol": tag("Error", [
    ...["name", tag("symbol", ["iterator"])],
  ]),
  "errors that are no list": tag("AggregateError", ["errors", 1e9]),
  "a box of another kind": tag("Number", { valueOf: 1 }),
  "a time that is a list": tag("Date", [0]),
  "a symbol that there is not": tag("symbol", ["__proto__"]),
};

const TYPES = ["Uint8Array", "Float64Array", "DataView", "ArrayBuffer"];

/** A region as object 1 of a list, and views that say which part they show. */
const region = (type: string, count: number, start: unknown, length: unknown) =>
  graph(
    ...[-3, count + 1, -5, "Region", "opf", 0, 1, 0],
    ...[-5, type, "ov", -3, 3, 1, -1, start, -1, length],
    ...times(count - 1, [-7, -3, 3, 1, -1, start, -1, length]).flat(),
  );

const LARGE = 1_000_000;

/** Typed arrays: they get bytes that are there, or they are not made. */
function typed(): Attack[] {
  const frame = () => new Uint8Array(LARGE);
  const attacks: Attack[] = [];
  for (const type of TYPES) {
    const headers = [1e9, { length: 1e9 }, [1e9], "x".repeat(9), times(9, 1)];
    for (const header of headers) {
      const name = `${type} of ${JSON.stringify(header).slice(0, 20)}`;
      attacks.push({ name, tree: tag(type, header) });
      attacks.push({
        name: `${name}, with a frame`,
        tree: tag(type, header, 0),
        frames: [frame()],
      });
    }
    const parts: [start: unknown, length: unknown][] = [
      [0, 2 ** 53 - 1],
      [0, LARGE + 8],
      [-8, 8],
      [0.5, 1],
      [LARGE, 1e300],
      ["0", "8"],
      [null, 8],
    ];
    for (const [start, length] of parts) {
      attacks.push({
        name: `${type}, part of a region: ${start}, ${length}`,
        tree: region(type, 1, start, length),
        frames: [frame()],
      });
    }
    attacks.push({
      name: `1,000 of ${type}, each another part of a region`,
      tree: region(type, 1_000, 1, LARGE - 8),
      frames: [frame()],
    });
    attacks.push({
      name: `1,000 of ${type}, each of the same frame`,
      tree: copies(1_000, tag(type, null, 0)),
      frames: [new Uint8Array(LARGE + 1).subarray(1)],
    });
  }
  return attacks;
}

/** All of them. */
export const attacks: readonly Attack[] = [
  ...Object.entries({ ...pollution, ...sparse, ...graphs, ...values })
    .map(([name, tree]) => ({ name, tree })),
  ...typed(),
];
