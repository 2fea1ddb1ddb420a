import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { concat } from "../../src/bytes.ts";
import { FormatError, TruncatedError } from "../../src/errors.ts";
import {
  blocks,
  cutAtRandom,
  cutInto,
  decode,
  encode,
  type Row,
  rows,
  sample,
  through,
} from "./_table.ts";
import { noise } from "./_runtime.ts";

const JUNK = new TextEncoder().encode("JUNK");

for (const row of [...rows, ...blocks]) {
  describe(row.name, () => {
    test("brings everything back", () => bringsBack(row));
    test("takes chunks of any size, both ways", () => anyChunks(row));
    test("does not change its input", () => leavesInput(row));
    if (row.seesCuts) {
      test("sees every cut", () => seesCuts(row));
      test("refuses what follows the end", () => refusesJunk(row));
    }
    if (!row.takesAll) {
      test("survives every flipped bit", () => survivesFlips(row));
    }
    if (row.padded) {
      test("passes over zeros behind a member, and nothing else", () =>
        passesOverZeros(row));
    }
    if (row.joins) test("reads several outputs as one", () => joins(row));
  });
}

async function bringsBack(row: Row): Promise<void> {
  const inputs = [
    new Uint8Array(0),
    Uint8Array.of(0),
    Uint8Array.of(255, 254),
    new Uint8Array(300_000),
    noise(200_001),
    sample,
  ];
  for (const input of inputs) {
    const coded = await encode(row, input);
    deepEqual(await decode(row, coded), input);
    if (row.packs && input.length > 0 && input === inputs[3]) {
      ok(coded.length < input.length / 50);
    }
  }
}

async function anyChunks(row: Row): Promise<void> {
  const coded = await encode(row, sample);
  for (const size of [1, 2, 3, 5, 64, 4096]) {
    const written = await through(cutInto(sample, size), row.codec.encoder());
    deepEqual(await decode(row, written), sample);
    const read = await through(cutInto(coded, size), row.codec.decoder());
    deepEqual(read, sample);
  }
  const written = await through(cutAtRandom(sample, 99), row.codec.encoder());
  const read = await through(cutAtRandom(written, 99), row.codec.decoder());
  deepEqual(read, sample);
}

async function leavesInput(row: Row): Promise<void> {
  const input = sample.slice();
  const coded = await encode(row, input);
  deepEqual(input, sample);
  const kept = coded.slice();
  await decode(row, coded);
  deepEqual(coded, kept);
}

async function seesCuts(row: Row): Promise<void> {
  const coded = await encode(row, sample.subarray(0, 700));
  for (let length = 0; length < coded.length; length++) {
    await rejects(
      decode(row, coded.subarray(0, length)),
      (error) =>
        error instanceof TruncatedError && error.stage === row.codec.name &&
        error.offset === length,
      `cut after ${length} of ${coded.length}`,
    );
  }
}

async function refusesJunk(row: Row): Promise<void> {
  const coded = await encode(row, sample);
  const offset = coded.length;
  const isJunk = (error: unknown) =>
    error instanceof FormatError && !(error instanceof TruncatedError) &&
    error.stage === row.codec.name && error.offset === offset;
  const zeros = (row.padded ? [] : row.padsFours ? [1, 7] : [1, 8])
    .map((count) => new Uint8Array(count));
  for (const junk of [JUNK, ...zeros]) {
    const whole = concat([coded, junk]);
    await rejects(decode(row, whole), isJunk);
    await rejects(through([coded, junk], row.codec.decoder()), isJunk);
    await rejects(through(cutInto(whole, 1), row.codec.decoder()), isJunk);
  }
}

/** Whatever comes of it, it is an error of ours or it ends; with a checksum, it is never another value. */
async function survivesFlips(row: Row): Promise<void> {
  const input = sample.subarray(0, 300);
  const coded = await encode(row, input);
  for (let bit = 0; bit < coded.length * 8; bit++) {
    const bad = coded.slice();
    bad[bit >> 3]! ^= 1 << (bit & 7);
    try {
      const read = await decode(row, bad);
      // Some bits say nothing: the time or the system in the header of gzip, for one.
      if (row.checked) deepEqual(read, input);
    } catch (error) {
      const isOurs = error instanceof FormatError ||
        (error as Error).name === "LimitError";
      ok(isOurs, `bit ${bit}: ${error}`);
    }
  }
}

async function passesOverZeros(row: Row): Promise<void> {
  const one = await encode(row, sample);
  for (const zeros of [new Uint8Array(1), new Uint8Array(1000)]) {
    const whole = concat([one, zeros, one, zeros]);
    for (const size of [1, 999, whole.length]) {
      const read = await through(cutInto(whole, size), row.codec.decoder());
      deepEqual(read, concat([sample, sample]));
    }
    const junk = through([one, zeros, JUNK], row.codec.decoder());
    const offset = one.length + zeros.length;
    await rejects(
      junk,
      (error) => error instanceof FormatError && error.offset === offset,
    );
    await rejects(through([zeros, one], row.codec.decoder()), FormatError);
  }
}

async function joins(row: Row): Promise<void> {
  const one = await encode(row, sample);
  const none = await encode(row, new Uint8Array(0));
  const whole = concat([one, none, one, one]);
  const expected = concat([sample, sample, sample]);
  deepEqual(await decode(row, whole), expected);
  // Enough sizes to cut what stands between two at every place.
  for (const size of [...Array(24).keys(), one.length - 1]) {
    const read = await through(cutInto(whole, size + 1), row.codec.decoder());
    deepEqual(read, expected);
  }
  const cut = whole.subarray(0, -1);
  await rejects(decode(row, cut), TruncatedError);
  equal(cut.length, whole.length - 1);
}
