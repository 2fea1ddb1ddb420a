import { describe, test } from "bun:test";
import { deepEqual, equal, rejects, throws } from "node:assert/strict";
import { FormatError, TruncatedError } from "../../src/errors.ts";
import { base64, type Base64Options } from "../../streams/base64.ts";
import { cutInto, decode, encode, through } from "./_table.ts";
import { noise } from "./_runtime.ts";

const row = (options?: Base64Options) => ({
  name: "base64",
  codec: base64(options),
});
const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("base64", () => {
  test("gives the values of RFC 4648", async () => {
    const letters = [
      "",
      "Zg==",
      "Zm8=",
      "Zm9v",
      "Zm9vYg==",
      "Zm9vYmE=",
      "Zm9vYmFy",
    ];
    for (const [length, expected] of letters.entries()) {
      const plain = bytesOf("foobar".slice(0, length));
      equal(textOf(await encode(row(), plain)), expected);
      deepEqual(await decode(row(), bytesOf(expected)), plain);
    }
    const bytes = Uint8Array.of(0xfb, 0xff, 0xbf);
    equal(textOf(await encode(row(), bytes)), "+/+/");
    equal(textOf(await encode(row({ url: true }), bytes)), "-_-_");
  });

  const faults: [text: string, offset: number, lines?: boolean][] = [
    ["AA=A", 3],
    ["A===", 1],
    ["=AAA", 0],
    ["====", 0],
    ["AAAAAA==AAAA", 8],
    ["AAAAAA==\n", 8],
    ["AAAA=", 4],
    ["AAAAA=", 5],
    ["AB==", 1],
    ["AAB=", 2],
    ["AAAAAAAA*AAA", 8],
    ["AAAA\nAAAA", 4],
    ["AA AA", 2],
    ["A\u00e9AA", 1],
    ["AA-A", 2],
    ["AAAA*", 4],
    ["AAAA\r\nA*AA", 7, true],
    ["AAAA\r\nAAAA\n\nAAAAAA\nAAAAAA*\nAAAA", 25, true],
    ["AAAA AAAA", 4, true],
    ["AA\r=\n=\nA", 7, true],
  ];
  for (const [text, offset, lines] of faults) {
    test(`refuses ${JSON.stringify(text)} at byte ${offset}`, async () => {
      const at = row(lines ? { lineLength: 76 } : {});
      for (const size of [1, 2, 3, 5, 100]) {
        await rejects(
          through(cutInto(bytesOf(text), size), at.codec.decoder()),
          (error) =>
            error instanceof FormatError && error.stage === "base64" &&
            !(error instanceof TruncatedError) && error.offset === offset,
        );
      }
    });
  }

  test("sees where it is cut, if that is within four letters", async () => {
    for (const cut of ["A", "AA", "AAA", "AA=", "AAAAA", "AAAAAA", "AAAAAA="]) {
      await rejects(
        decode(row(), bytesOf(cut)),
        (error) =>
          error instanceof TruncatedError && error.offset === cut.length,
      );
    }
  });

  test("breaks lines as MIME does, and as Python does", async () => {
    const plain = noise(100);
    const letters = textOf(await encode(row(), plain));
    const lines = [letters.slice(0, 76), letters.slice(76)];
    for (const lineEnd of ["\r\n", "\n"] as const) {
      const options = row({ lineLength: 76, lineEnd });
      const expected = lines.map((line) => line + lineEnd).join("");
      equal(textOf(await encode(options, plain)), expected);
      const bytewise = through(cutInto(plain, 1), options.codec.encoder());
      equal(textOf(await bytewise), expected);
      deepEqual(await decode(options, bytesOf(expected)), plain);
    }
    const full = row({ lineLength: 4, lineEnd: "\n" });
    equal(textOf(await encode(full, noise(3))).length, 5);
    equal(textOf(await encode(full, new Uint8Array(0))), "");
  });

  test("passes over line ends wherever they stand", async () => {
    const plain = noise(50);
    const letters = textOf(await encode(row(), plain));
    const spread = [...letters].join("\n\r\n");
    deepEqual(await decode(row({ lineLength: 76 }), bytesOf(spread)), plain);
  });

  test("refuses lines that cut four letters apart", () => {
    for (const lineLength of [0, 2, 75, -4, NaN]) {
      throws(() => base64({ lineLength }), RangeError);
    }
  });
});
