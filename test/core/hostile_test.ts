import { encode, ExtData } from "@msgpack/msgpack";
import { describe, test } from "bun:test";
import { deepEqual, equal, ok } from "node:assert/strict";
import {
  type Bytes,
  defaultRegistry,
  FormatError,
  type Header,
  LimitError,
  type Message,
  msgpackSequence,
  packFrames,
  TruncatedError,
  UnknownNameError,
  unpackFrames,
} from "../../mod.ts";
import { concat } from "../../src/bytes.ts";
import { readMsgpack } from "../../src/msgpack/read.ts";
import { packLine, unpackLine } from "../../src/wire/lines.ts";
import { latin, outcome } from "../json/_helpers.ts";
import { isOurs, ourError } from "./_errors.ts";
import { FAMILIES } from "./_ways.ts";

const utf8 = new TextEncoder();
const repeat = (head: readonly number[], times: number): Bytes =>
  Uint8Array.from(
    { length: head.length * times },
    (_, i) => head[i % head.length]!,
  );
const u32 = (n: number) => [n >>> 24, n >> 16 & 255, n >> 8 & 255, n & 255];

/** Arrays in arrays, each of which claims the bytes that are left of so many. */
function claimingTheRest(bytes: number): Bytes {
  const all = new Uint8Array(bytes);
  for (let i = 0; i + 5 <= bytes; i += 5) {
    all.set([0xdd, ...u32(bytes - i - 5)], i);
  }
  return all;
}

type ErrorClass = new (...args: never[]) => Error;

/** What claims to be msgpack, and the error it has to be. */
const msgpackBombs: [name: string, bytes: Bytes, error: ErrorClass][] = [
  ["72 kB of array headers", repeat([0xdc, 0xff, 0xff], 24_000), LimitError],
  ["40 kB that claim the rest", claimingTheRest(40_000), LimitError],
  ["900 array headers", repeat([0xdc, 0xff, 0xff], 900), TruncatedError],
  [
    "900 long array headers",
    repeat([0xdd, 255, 255, 255, 255], 900),
    TruncatedError,
  ],
  ["a million arrays of one", repeat([0x91], 1_000_000), LimitError],
  ["a million maps of one", repeat([0x81, 0xa1, 0x61], 1_000_000), LimitError],
  ["2^32-1 items", latin("\xdd\xff\xff\xff\xff"), TruncatedError],
  ["2^31-1 items", latin("\xdd\x7f\xff\xff\xff"), TruncatedError],
  ["2^32-1 pairs", latin("\xdf\xff\xff\xff\xff"), TruncatedError],
  ["2^32-1 bytes of text", latin("\xdb\xff\xff\xff\xff"), TruncatedError],
  ["2^32-1 bytes", latin("\xc6\xff\xff\xff\xff"), TruncatedError],
  [
    "2^32-1 bytes of extension",
    latin("\xc9\xff\xff\xff\xff\x01"),
    TruncatedError,
  ],
  [
    "65,535 pairs, of which there is one",
    latin("\xde\xff\xff\xa1a\x01"),
    TruncatedError,
  ],
  ["nothing", latin(""), TruncatedError],
  ["half a number", latin("\xcb\x00"), TruncatedError],
  ["half a length", latin("\xdc\x00"), TruncatedError],
  ["half a text", latin("\xa3ab"), TruncatedError],
  ["a key without a value", latin("\x81\xa1a"), TruncatedError],
  ["bytes after the end", latin("\x01\x02"), FormatError],
  ["a closed array, and more", latin("\x90\x90"), FormatError],
  ["0xc1", latin("\xc1"), FormatError],
  ["0xc1 within", latin("\x92\x01\xc1"), FormatError],
  ["an extension", encode(new ExtData(5, Uint8Array.of(1))), FormatError],
  ["a fixed extension", latin("\xd4\x07\x00"), FormatError],
  ["an extension below zero", latin("\xd4\xfe\x00"), FormatError],
  [
    "an extension within",
    encode([{ a: new ExtData(1, new Uint8Array(300)) }]),
    FormatError,
  ],
  ["a time of 3 bytes", latin("\xc7\x03\xff\x00\x00\x00"), FormatError],
  [
    "a time without end",
    latin("\xc7\x0c\xff" + "\x7f".repeat(12)),
    FormatError,
  ],
  ["a byte that is no UTF-8", latin("\xa1\xff"), FormatError],
  ["half a character", latin("\xa2\xe2\x82"), FormatError],
  ["an overlong character", latin("\xa2\xc0\xaf"), FormatError],
  ["a surrogate in UTF-8", latin("\xa3\xed\xa0\x80"), FormatError],
  [
    "long text that is no UTF-8",
    latin("\xd9\xfa" + "a".repeat(249) + "\x80"),
    FormatError,
  ],
  ["a key that is no UTF-8", latin("\x81\xa1\xff\x01"), FormatError],
  ["a number for a key", latin("\x81\x01\x01"), FormatError],
  ["bytes for a key", latin("\x81\xc4\x01a\x01"), FormatError],
  ["nil for a key", latin("\x81\xc0\x01"), FormatError],
  ["a map for a key", latin("\x81\x80\x01"), FormatError],
  ["an extension for a key", latin("\x81\xd4\x01\x00\x01"), FormatError],
  ["__proto__", latin("\x81\xa9__proto__\x81\xa1x\x01"), FormatError],
  [
    "__proto__ in a long spelling",
    latin("\x81\xdb\0\0\0\x09__proto__\x80"),
    FormatError,
  ],
];

function isOf(error: unknown, Class: ErrorClass, what: string): void {
  ok(isOurs(error), `${what}: ${error}`);
  equal(error.constructor, Class, `${what}: ${error}`);
  if (error instanceof FormatError || error instanceof LimitError) {
    ok(error.stage, what);
  }
}

describe("msgpack that is none", () => {
  for (const [name, bytes, Class] of msgpackBombs) {
    test(name, async () => {
      const read = {
        "a message": () =>
          defaultRegistry.deserialize({
            header: { serializer: "msgpack" },
            frames: [bytes],
          }),
        "readMsgpack": () => readMsgpack("test", bytes, 1_000),
      };
      for (const [how, body] of Object.entries(read)) {
        const error = ourError(body, `${name} in ${how}`);
        isOf(error, Class, how);
        const { offset } = error as FormatError;
        ok(offset! >= 0 && offset! <= bytes.length, `${how}: offset ${offset}`);
      }
      if (name === "nothing") return;
      // In a sequence, what follows a value is another.
      const after = ["bytes after the end", "a closed array, and more"];
      if (after.includes(name)) return;
      for (const size of bytes.length > 1_000 ? [1 << 30] : [1, 1 << 30]) {
        const error = await outcome(bytes, msgpackSequence().decoder(), size);
        isOf(error, Class, `a sequence by ${size}`);
      }
    });
  }

  for (const [name, bytes] of msgpackBombs) {
    test(`${name}, in a message that is tagged`, () => {
      const header = { serializer: "msgpack", tagged: true };
      const read = () =>
        defaultRegistry.deserialize({ header, frames: [bytes] });
      ourError(read, name);
    });

    test(`${name}, as a header`, () => {
      ourError(() => unpackFrames(packRaw(bytes)), name);
    });
  }
});

/** A packed message over these bytes as its header; the checksum is for others to check. */
function packRaw(header: Bytes, ...frames: Bytes[]): Bytes {
  const lengths = new BigUint64Array([
    BigInt(1 + frames.length),
    ...[header, ...frames].map(({ length }) => BigInt(length)),
  ]);
  return concat([new Uint8Array(lengths.buffer), header, ...frames]);
}

const u64s = (...values: (number | bigint)[]) =>
  new Uint8Array(new BigUint64Array(values.map(BigInt)).buffer);

describe("packed messages that lie", () => {
  const good = concat(packFrames(defaultRegistry.serialize(Uint8Array.of(7))));
  const withU64 = (at: number, value: number | bigint) => {
    const bytes = good.slice();
    new DataView(bytes.buffer).setBigUint64(at, BigInt(value), true);
    return bytes;
  };
  const rows: [name: string, bytes: Bytes, error: ErrorClass][] = [
    ["nothing", new Uint8Array(0), TruncatedError],
    ["no frames", u64s(0), FormatError],
    ["2^64-1 frames", u64s(2n ** 64n - 1n), FormatError],
    ["2^32 frames", u64s(2n ** 32n), LimitError],
    ["65,536 frames that are not there", u64s(65_536), TruncatedError],
    ["a header of 2^63 bytes", u64s(1, 2n ** 63n), LimitError],
    ["a header that is not there", u64s(1, 100), TruncatedError],
    ["a frame of 2^40 bytes", u64s(2, 1, 2n ** 40n), LimitError],
    ["a frame that is not there", u64s(2, 1, 2n ** 20n), TruncatedError],
    [
      "lengths whose sum is too much",
      u64s(4, 1, 2 ** 27, 2 ** 27, 2 ** 27),
      LimitError,
    ],
    ["an empty header", u64s(1, 0), FormatError],
    ["a frame less", withU64(0, 2), FormatError],
    ["a frame more", withU64(0, 4), LimitError],
    ["a longer header", withU64(8, 0xffff), TruncatedError],
    ["a longer frame", withU64(24, 2), TruncatedError],
    ["a shorter frame", withU64(24, 0), FormatError],
    ["a byte behind", concat([good, Uint8Array.of(0)]), FormatError],
    [
      "a flipped bit",
      good.map((b, i) => i === good.length - 1 ? b ^ 1 : b),
      FormatError,
    ],
  ];
  for (const [name, bytes, Class] of rows) {
    test(
      name,
      () => isOf(ourError(() => unpackFrames(bytes), name), Class, name),
    );
  }

  test("a header that is no map", () => {
    // The checksum is right, but the header ends behind it, in a list.
    for (
      const header of [[0xc0], [0x90], [0xa1, 0x61], [
        0xcb,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
      ]]
    ) {
      const bytes = packRaw(Uint8Array.from(header));
      isOf(
        ourError(() => unpackFrames(bytes), "header"),
        FormatError,
        "header",
      );
    }
  });

  test("limits of one's own hold", () => {
    for (
      const limits of [{ maxFrames: 2 }, { maxHeaderBytes: 10 }, {
        maxMessageBytes: 50,
      }]
    ) {
      const what = Object.keys(limits)[0]!;
      isOf(ourError(() => unpackFrames(good, limits), what), LimitError, what);
    }
  });
});

/** Values that no key of a header is. */
const odd: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, NaN, 2n ** 60n, "", "x".repeat(5_000)],
  ...[[], [1], [[]], {}, { toString: 1 }, { length: 1 }, { find: 1 }],
  ...[["gzip"], [{ toString: 1 }], [null, null, null], Uint8Array.of(1)],
];

for (const family of FAMILIES) {
  const message = (header: object, ...frames: Bytes[]): Message => ({
    header: { serializer: family, ...header } as Header,
    frames,
  });
  const text = (tree: unknown): Bytes =>
    family === "json" ? utf8.encode(JSON.stringify(tree)) : encode(tree);
  const tagged = (tree: unknown, ...frames: Bytes[]) =>
    message({ tagged: true }, text(tree), ...frames);

  describe(`headers with odd values, ${family}`, () => {
    for (const key of ["serializer", "values", "compression", "tagged"]) {
      test(key, () => {
        for (const value of odd) {
          const bad = message({ [key]: value }, text([1, 2]));
          try {
            const values = defaultRegistry.deserializeBatch(bad);
            // These say nothing else than what is there.
            const harmless = key === "tagged" || key === "compression";
            ok(harmless, `${key}: ${typeof value} was accepted`);
            deepEqual(values, [[1, 2]]);
          } catch (error) {
            ok(isOurs(error), `${key}: ${typeof value}: ${error}`);
          }
        }
      });
    }

    test("values that lie", () => {
      for (const values of [0, 1, 3, 2 ** 31, -1, 1.5]) {
        for (const tag of [true, false]) {
          const bad = message({ values, tagged: tag }, text([1, 2]));
          const read = () => defaultRegistry.deserializeBatch(bad);
          isOf(ourError(read, `${values}`), FormatError, `${values}`);
        }
      }
      for (const tree of [1, "ab", null, { length: 2 }]) {
        const bad = message({ values: 2 }, text(tree));
        isOf(
          ourError(() => defaultRegistry.deserializeBatch(bad), "tree"),
          FormatError,
          "tree",
        );
      }
    });

    test("a name of a family that is a name of Object.prototype", () => {
      for (const serializer of ["__proto__", "constructor", "toString"]) {
        const read = () =>
          defaultRegistry.deserialize(message({ serializer }, text(1)));
        isOf(ourError(read, serializer), UnknownNameError, serializer);
      }
    });
  });

  describe(`frames missing or too many, ${family}`, () => {
    const one = Uint8Array.of(1, 2, 3, 4);
    const u8 = (i: unknown) => ({ $Uint8Array: [null, i] });
    const rows: [name: string, message: Message][] = [
      ["no frame at all", message({})],
      ["an empty frame", message({}, new Uint8Array(0))],
      ["one that nothing names", message({}, text(1), one)],
      ["one that no tag names", tagged(u8(0), one, one)],
      ["one that no tag names, first", tagged(u8(1), one, one)],
      ["one that is not there", tagged(u8(0))],
      ["one beyond the last", tagged(u8(1), one)],
      ["one named twice", tagged([u8(0), u8(0)], one)],
      ["one before the first", tagged(u8(-1), one)],
      ["half a one", tagged(u8(0.5), one)],
      ["one by text", tagged(u8("not base64!"), one)],
      ["one by a name of arrays", tagged(u8("length"), one)],
      ["one by a map", tagged(u8({ toString: 1 }), one)],
      ["one by a list", tagged(u8([0]), one)],
      ["one by nothing", tagged(u8(null), one)],
      [
        "two for a value of one",
        tagged({ $Uint8Array: [null, 0, 1] }, one, one),
      ],
      ["two for a buffer", tagged({ $ArrayBuffer: [null, 0, 1] }, one, one)],
      ["none for a value of one", tagged({ $Uint8Array: [null] })],
      ["half an element", tagged({ $Float64Array: [null, 0] }, one)],
      ["base64 with white space", tagged(u8("AQ ID"))],
      ["base64 without padding", tagged(u8("AQ"))],
      ["base64 with bits left over", tagged(u8("AR=="))],
    ];
    for (const [name, bad] of rows) {
      test(name, () => {
        const error = ourError(() => defaultRegistry.deserialize(bad), name);
        ok(error instanceof FormatError, `${error}`);
      });
    }

    test("a frame is not copied for each of many names", () => {
      const large = new Uint8Array(1_000_001).subarray(1);
      const many = Array.from(
        { length: 10_000 },
        () => ({ $Float64Array: [null, 0] }),
      );
      ourError(() => defaultRegistry.deserialize(tagged(many, large)), "many");
    });
  });

  describe(`tags that are none, ${family}`, () => {
    const names = [...defaultRegistry.types()];
    const contents: readonly unknown[] = [
      ...[null, 1, "x", true, {}, { length: 1 }],
      ...[{ $Date: [0] }, { toString: 1 }, { 0: null, length: 1 }],
    ];

    test("a tag without its list", () => {
      for (const name of [...names, "Object", "Nothing", ""]) {
        for (const content of contents) {
          const what = `${name} over ${JSON.stringify(content)}`;
          ourError(
            () =>
              defaultRegistry.deserialize(tagged({ [`$${name}`]: content })),
            what,
          );
        }
      }
    });

    test("a header that the type does not have", () => {
      const headers: Record<string, readonly unknown[]> = {
        Date: ["0", true, [0], {}, 9e15, 0.5, { valueOf: 1 }, "2020"],
        bigint: [
          1,
          "1",
          "0x",
          "-0x",
          "0xg",
          " 0x1",
          "0x1n",
          "0x1\n",
          null,
          "1e9",
          "0x" + "f".repeat(1e6),
        ],
        number: [1, "1", "nan", "constructor", "__proto__", null, ["NaN"]],
        string: ["x", [65536], [-1], [0.5], ["a"], [null], { length: 1 }],
        Map: ["ab", 1, { a: 1 }, ["ab"], [1], [[]], [[1]], [[1, 2, 3]], null],
        Set: ["ab", 1, { length: 1 }, { 0: 1 }, null],
      };
      for (const [name, list] of Object.entries(headers)) {
        for (const header of list) {
          const what = `${name} of ${JSON.stringify(header)?.slice(0, 40)}`;
          const error = ourError(
            () =>
              defaultRegistry.deserialize(
                tagged({ a: [{ [`$${name}`]: [header] }] }),
              ),
            what,
          );
          ok(error instanceof FormatError, what);
          equal(error.path, "$.a[0]", what);
        }
      }
    });

    test("a name of Object.prototype, or of nothing", () => {
      for (
        const name of [
          "__proto__",
          "constructor",
          "toString",
          "",
          "date",
          "Date ",
          "Function",
        ]
      ) {
        const read = () =>
          defaultRegistry.deserialize(tagged([{ [`$${name}`]: [] }]));
        const error = ourError(read, name);
        ok(error instanceof UnknownNameError, `${error}`);
        equal(error.unknown, name);
        equal(error.path, "$[0]");
      }
    });

    test("a long name is not repeated at length", () => {
      const read = () =>
        defaultRegistry.deserialize(tagged({ ["$" + "x".repeat(1e6)]: [] }));
      ok(ourError(read, "long").message.length < 1_000);
    });

    test("nests", () => {
      for (
        const [open, close] of [["[", "]"], ['{"a":', "}"], [
          '{"$Set":[[',
          "]]}",
        ], ['{"$$a":', "}"]] as const
      ) {
        for (const depth of [1_100, 100_000]) {
          const json = `${open.repeat(depth)}1${close.repeat(depth)}`;
          for (
            const header of [
              {},
              { tagged: true },
              { tagged: true, values: 1 },
              { values: 1 },
            ]
          ) {
            const text = "values" in header ? `[${json}]` : json;
            const frame = family === "json"
              ? utf8.encode(text)
              : msgpackOf(text);
            const read = () =>
              defaultRegistry.deserializeBatch(message(header, frame));
            isOf(ourError(read, open), LimitError, `${open} ${depth}`);
          }
        }
      }
    });

    test("an error below a large array says where, and quickly", () => {
      const large = new Uint8Array(30_000_000);
      const bad = tagged([{ $Date: ["x"] }, { $Uint8Array: [null, 0] }], large);
      const error = ourError(() => defaultRegistry.deserialize(bad), "large");
      equal((error as FormatError).path, "$[0]");
    });
  });
}

/** JSON of nothing but `[`, `{"name":` and `1`, as msgpack, without recursion. */
function msgpackOf(json: string): Bytes {
  const parts: number[] = [];
  for (const token of json.matchAll(/\[+|\{"([^"]+)":|1/g)) {
    if (token[0] === "1") parts.push(1);
    else if (token[1] === undefined) {
      for (const _ of token[0]) parts.push(0x91);
    } else parts.push(0x81, 0xa0 + token[1].length, ...utf8.encode(token[1]));
  }
  return Uint8Array.from(parts);
}

describe("JSON that is none", () => {
  const rows: [
    name: string,
    text: string,
    error: ErrorClass,
    offset: number,
  ][] = [
    ["nothing", "", TruncatedError, 0],
    ["half a word", "tru", TruncatedError, 3],
    ["an open list", "[1,", TruncatedError, 3],
    ["an open text", '"a', TruncatedError, 2],
    ["a value more", "1 2", FormatError, 2],
    ["a comma at the end", "[1,]", FormatError, 3],
    ["a byte order mark", "\xef\xbb\xbf1", FormatError, 0],
    ["bytes that are no UTF-8", '["\xff"]', FormatError, 2],
    ["an overlong character", '"\xc0\xaf"', FormatError, 1],
    ["a surrogate in UTF-8", '"\xed\xa0\x80"', FormatError, 2],
    ["NaN", "[NaN]", FormatError, 1],
    ["a name without quotes", "{a:1}", FormatError, 1],
    ["a control character", '"\n"', FormatError, 1],
    ["a number of zeros", "[01]", FormatError, 2],
  ];
  for (const [name, text, Class, offset] of rows) {
    test(name, () => {
      const frames = [latin(text)];
      for (const tagged of [true, false]) {
        const header = { serializer: "json", tagged };
        const error = ourError(
          () => defaultRegistry.deserialize({ header, frames }),
          name,
        );
        isOf(error, Class, name);
        equal((error as FormatError).offset, offset, name);
      }
    });
  }
});

describe("lines that lie", () => {
  const good = packLine(defaultRegistry.serialize(Uint8Array.of(1, 2, 3)))
    .slice(0, -1);
  /** A line with a right checksum around anything. */
  const lineOf = async (rest: string) => {
    const { crc32 } = await import("../../src/crc32.ts");
    const sum = crc32(utf8.encode(rest)).toString(16).padStart(8, "0");
    return utf8.encode(`{"crc32":"${sum}",${rest}`);
  };

  test("a flipped bit anywhere", () => {
    unpackLine(good, 0);
    for (let i = 0; i < good.length * 8; i++) {
      const bad = good.slice();
      bad[i >> 3]! ^= 1 << (i & 7);
      ourError(() => unpackLine(bad, 5), `bit ${i}`);
    }
  });

  test("a cut anywhere", () => {
    for (let i = 0; i < good.length; i++) {
      ourError(() => unpackLine(good.slice(0, i), 0), `cut at ${i}`);
    }
  });

  test("a line whose parts are something else", async () => {
    const rests = [
      "",
      "}",
      '"header":null,"frames":[]}',
      '"header":[],"frames":[]}',
      '"header":1,"frames":[]}',
      '"header":{},"frames":{}}',
      '"header":{},"frames":"AQID"}',
      '"header":{},"frames":[1]}',
      '"header":{},"frames":["AQ"]}',
      '"header":{},"frames":["A Q=="]}',
      '"header":{},"frames":[null]}',
      '"header":{"$Date":["x"]},"frames":[]}',
      '"header":{"a":{"$Nothing":[]}},"frames":[]}',
      '"header":{},"frames":[]}}',
      '"frames":[]}',
      '"header":{}}',
    ];
    for (const rest of rests) {
      const line = await lineOf(rest);
      ourError(() => unpackLine(line, 0), rest);
    }
  });

  test("a header that is a value of a class", async () => {
    for (
      const header of [
        '{"$Set":[[]]}',
        '{"$Date":[0]}',
        '{"$undefined":[]}',
        '{"$Uint8Array":[null,""]}',
      ]
    ) {
      const line = await lineOf(`"header":${header},"frames":[]}`);
      ourError(() => unpackLine(line, 0), header);
    }
  });
});

describe("Object.prototype", () => {
  test("is never changed, whatever has been read", () => {
    const before = Reflect.ownKeys(Object.prototype);
    const evil =
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const texts = [
      evil,
      `[${evil}]`,
      `{"$$__proto__":${evil}}`,
      `{"$Object":[["__proto__",${evil}]]}`,
      `{"$Map":[[["__proto__",${evil}]]]}`,
      `{"$__proto__":[${evil}]}`,
      '{"a":{"__proto__":{"$Date":[0]}}}',
      '{"__proto__":{"$Set":[[1]]}}',
    ];
    for (const tagged of [true, false]) {
      for (const text of texts) {
        const header = { serializer: "json", tagged };
        try {
          const value = defaultRegistry.deserialize({
            header,
            frames: [utf8.encode(text)],
          });
          equal((value as { polluted?: unknown }).polluted, undefined, text);
        } catch (error) {
          ok(isOurs(error), `${text}: ${error}`);
        }
      }
    }
    deepEqual(Reflect.ownKeys(Object.prototype), before);
    equal(({} as { polluted?: unknown }).polluted, undefined);
  });
});
