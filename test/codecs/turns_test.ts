/** Coders give way often, however much they have to do, so that others hear what has come in the meantime. */
import { describe, test } from "bun:test";
import { equal, ok } from "node:assert/strict";
import { readBzip2 } from "../../src/codecs/bzip2/reader.ts";
import { writeBzip2 } from "../../src/codecs/bzip2/writer.ts";
import { Input, type NewCoder } from "../../src/codecs/input.ts";
import { writeAlone } from "../../src/codecs/lzma/alone.ts";
import { presetOf } from "../../src/codecs/lzma/presets.ts";
import { writeXz } from "../../src/codecs/xz/writer.ts";
import type { Bytes } from "../../src/types.ts";
import { noise } from "./_runtime.ts";

const SIZE = 900_000;
const plain = noise(SIZE);

/** All of the input at once: how often it gives way, and the most it takes in between. */
function turnsOf(
  coder: NewCoder,
  bytes: Bytes,
): { turns: number; most: number; pieces: Bytes[] } {
  const input = new Input("test");
  input.push(bytes);
  input.ended = true;
  const pieces: Bytes[] = [];
  let turns = 0;
  let most = 0;
  let at = 0;
  for (const value of coder(input)) {
    ok(value, "it waits for more");
    turns++;
    most = Math.max(most, input.offset - at);
    at = input.offset;
    if (value.length > 0) pieces.push(value);
  }
  return { turns, most, pieces };
}

describe("a coder gives way", () => {
  test("xz and lzma, every few bytes", () => {
    const preset = presetOf(1, false);
    const coders: NewCoder[] = [
      (input) => writeXz(input, preset, "crc64", undefined),
      (input) => writeAlone(input, preset, undefined),
    ];
    for (const coder of coders) ok(turnsOf(coder, plain).most <= 4096);
  });

  test("bzip2, many times in a block", async () => {
    const encoded = turnsOf((input) => writeBzip2(input, 9), plain);
    ok(encoded.turns > 100, `${encoded.turns}`);
    const packed = new Blob(encoded.pieces);
    const decoded = turnsOf(
      (input) => readBzip2(input, false),
      new Uint8Array(await packed.arrayBuffer()),
    );
    ok(decoded.turns > 50, `${decoded.turns}`);
    equal(new Blob(decoded.pieces).size, SIZE);
  });
});
