import { describe, test } from "bun:test";
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { FormatError, TruncatedError } from "../../src/errors.ts";
import { JsonChecker } from "../../src/json/check.ts";
import { decodeText, parseJson } from "../../src/json/parse.ts";
import type { Bytes } from "../../src/types.ts";

const utf8 = new TextEncoder();
const latin = (text: string): Bytes =>
  Uint8Array.from(text, (c) => c.charCodeAt(0));

const GOOD = [
  ...[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "12",
    "-1.5",
    "1e5",
    "1E-5",
    "0.0e+0",
  ],
  ...['""', '"a"', '"\\u00e9\\n\\"\\\\\\/\\b\\f\\r\\t"', '"é€😀"', "[]", "{}"],
  ...[" [ 1 , 2 ] ", '\r\n{\t"a" : [ { } , [ ] ] , "b":null }\n', '"\u007f"'],
  ...['"\\ud800"', "[[[[1]]]]", '{"__proto__":1}', '{"a":1,"a":2}'],
];

/** Text (each character a byte) and the offset of the first byte that cannot be there. */
const BAD: [string, number][] = [
  ...([["x", 0], ["\xef\xbb\xbf1", 0], ["\xa0", 0], ["nul ", 3], [
    "truE",
    3,
  ]] as [
    string,
    number,
  ][]),
  ...([["01", 1], ["-a", 1], ["1.e", 2], ["1e+x", 3], ["+1", 0], [".5", 0]] as [
    string,
    number,
  ][]),
  ["--1", 1],
  ["1 2", 2],
  ["1.2.3", 3],
  ["1e5e", 3],
  ["NaN", 0],
  ["[1,]", 3],
  ["[,1]", 1],
  ["[1,,2]", 3],
  ["[1 2]", 3],
  ["[1}", 2],
  ["{]", 1],
  ["{,}", 1],
  ['{"a"}', 4],
  ['{"a":}', 5],
  ['{"a":1,}', 7],
  ['{"a":1 "b"', 7],
  ["{a:1}", 1],
  ["{'a':1}", 1],
  ["[1]]", 3],
  ["{}x", 2],
  ['"\n"', 1],
  ['"\x1f"', 1],
  ['"\\x"', 2],
  ['"\\u12g4"', 5],
  ['"\x80"', 1],
  ['"\xc3("', 2],
  ['"\xc0\x80"', 1],
  ['"\xe0\x80\x80"', 2],
  ['"\xed\xa0\x80"', 2],
  ['"\xf0\x80\x80\x80"', 2],
  ['"\xf4\x90\x80\x80"', 2],
  ['"\xf5"', 1],
  ['["\xff", x]', 2],
  ["// a\n1", 0],
  ["1\0", 1],
  ["\0", 0],
];

describe("parseJson()", () => {
  test("gives what JSON.parse gives", () => {
    for (const text of GOOD) {
      deepEqual(parseJson("t", utf8.encode(text), 0), JSON.parse(text), text);
    }
  });

  test("tells the byte that cannot be there", () => {
    for (const [text, offset] of BAD) {
      throws(() => parseJson("t", latin(text), 100), (error) => {
        ok(error instanceof FormatError, text);
        ok(!(error instanceof TruncatedError), text);
        equal(error.offset, 100 + offset, `${text}: ${error.message}`);
        equal(error.stage, "t");
        return true;
      });
    }
  });

  test("tells every strict prefix of a text that needs its end", () => {
    for (const text of GOOD) {
      const bytes = utf8.encode(text.trim());
      for (let end = 0; end < bytes.length; end++) {
        const prefix = bytes.subarray(0, end);
        let value: unknown;
        try {
          value = parseJson("t", prefix, 7);
        } catch (error) {
          ok(error instanceof TruncatedError, text);
          equal(error.offset, 7 + end);
          continue;
        }
        equal(typeof value, "number", text);
      }
    }
  });

  test("is quick and safe a million deep", () => {
    throws(() => parseJson("t", latin("[".repeat(1e6)), 0), TruncatedError);
    const wrong = latin("[".repeat(1e6) + "}");
    throws(
      () => parseJson("t", wrong, 0),
      (error) => error instanceof FormatError && error.offset === 1e6,
    );
  });
});

describe("JsonChecker", () => {
  const agrees = (bytes: Bytes) => {
    let fine = true;
    try {
      JSON.parse(decodeText(bytes));
    } catch {
      fine = false;
    }
    const checker = new JsonChecker();
    checker.run(bytes);
    equal(!checker.failed && checker.complete, fine, String(bytes));
  };

  test("agrees with JSON.parse on texts with a few bytes changed", () => {
    fc.assert(fc.property(
      fc.json(),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
      (text, edits) => {
        const bytes = utf8.encode(text);
        for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
        agrees(bytes);
      },
    ));
  });

  test("agrees with JSON.parse on everything short", () => {
    const letters = [...'[]{},:"\\u01-.eEtrufalsn \n\x01', "\xc3", "\xa9"];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...letters), { maxLength: 6 }),
        (text) => agrees(latin(text.join(""))),
      ),
      { numRuns: 3000 },
    );
  });

  test("does not care how the bytes are cut", () => {
    for (const [text, offset] of BAD) {
      const checker = new JsonChecker();
      let at = 0;
      for (const byte of latin(text)) {
        checker.run(Uint8Array.of(byte));
        if (checker.failed) break;
        at++;
      }
      equal(at, offset, text);
    }
  });
});
