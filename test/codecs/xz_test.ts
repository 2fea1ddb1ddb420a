import { afterAll, describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { concat } from "../../src/bytes.ts";
import { FormatError, LimitError, TruncatedError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";
import { lzma, xz } from "../../streams/xz.ts";
import { noise } from "./_runtime.ts";
import { cutAtRandom, decode, encode, sample, through } from "./_table.ts";

const folder = mkdtempSync(join(tmpdir(), "xz-"));
afterAll(() => rmSync(folder, { recursive: true }));

const missing = spawnSync("xz", ["--version"]).status !== 0;
const note = missing ? " (skipped: the command is not installed)" : "";

function run(args: string[], input: Uint8Array): Bytes {
  const path = join(folder, "input");
  writeFileSync(path, input);
  const { status, stdout, stderr } = spawnSync(
    "sh",
    ["-c", 'exec xz "$@" < "$0"', path, ...args],
    { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] },
  );
  if (status !== 0) throw new Error(`xz ${args.join(" ")}: ${stderr}`);
  return new Uint8Array(stdout);
}

const row = { name: "xz", codec: xz() };
const alone = { name: "lzma", codec: lzma() };
const presets = Array.from({ length: 10 }, (_, preset) => preset);

/** Machine code, or what looks like it to a filter: each of the opcodes, often. */
const code: Bytes = (() => {
  const bytes = concat([noise(120_001), sample, noise(60_000, 3)]);
  const opcodes = [0xe8, 0xe9, 0x48, 0xeb, 0x94, 0x90, 0xb0, 0x40, 0xf0, 0xf8];
  for (let i = 0; i < 60_000; i++) {
    if (i % 3 === 0) bytes[i] = opcodes[bytes[i]! % opcodes.length]!;
    if (i % 4 === 3 && i % 7 < 4) bytes[i] = i % 8 < 4 ? 0 : 255;
  }
  return bytes;
})();
/** The machine's own, since it is at hand. */
const program = new Uint8Array(readFileSync(process.execPath)).slice(
  200_000,
  700_003,
);

describe(`the xz command${note}`, () => {
  test.skipIf(missing)("reads every preset", async () => {
    for (const preset of presets) {
      const codec = xz({ preset, extreme: preset % 2 === 1 });
      const coded = await encode({ name: "xz", codec }, sample);
      run(["-t"], coded);
      deepEqual(run(["-d", "-c"], coded), sample);
      const old = lzma({ preset });
      const alone = await encode({ name: "lzma", codec: old }, sample);
      deepEqual(run(["-d", "-c", "--format=lzma"], alone), sample);
    }
  });

  test.skipIf(missing)(
    "reads every check, nothing at all, and noise",
    async () => {
      for (const check of ["none", "crc32", "crc64", "sha256"] as const) {
        const codec = xz({ check, preset: 1 });
        for (const input of [new Uint8Array(0), noise(300_000)]) {
          const coded = await encode({ name: "xz", codec }, input);
          deepEqual(run(["-d", "-c"], coded), input);
        }
      }
    },
  );

  test.skipIf(missing)("makes it no smaller than is made here", async () => {
    for (const preset of [0, 1, 6, 9]) {
      const codec = xz({ preset });
      const coded = await encode({ name: "xz", codec }, sample);
      const peer = run(["-T1", `-${preset}`], sample);
      ok(coded.length <= peer.length * 1.02, `${preset}: ${coded.length}`);
    }
  });

  const checks = ["none", "crc32", "crc64", "sha256"];
  const options = [
    ...presets.map((preset) => [`-${preset}`]),
    ["-6e"],
    ["-T2", "--block-size=5000"],
    ...checks.map((check) => [`--check=${check}`, "--block-size=7001"]),
    ["--lzma2=lc=0,lp=4,pb=4,dict=4096,nice=8"],
    ["--lzma2=lc=4,lp=0,pb=0,mf=bt2"],
  ];
  for (const args of options) {
    test.skipIf(missing)(`writes with ${args.join(" ")}`, async () => {
      const coded = run(args, sample);
      deepEqual(await decode(row, coded), sample);
      deepEqual(
        await decode(row, concat([coded, new Uint8Array(8), coded])),
        concat([sample, sample]),
      );
      await rejects(decode(row, coded.subarray(0, -1)), TruncatedError);
    });
  }

  const branches = [
    "x86",
    "powerpc",
    "ia64",
    "arm",
    "armthumb",
    "sparc",
    "arm64",
    "x86=start=4096",
    "arm64=start=4096",
    "delta=dist=1",
    "delta=dist=256",
  ];
  for (const filter of branches) {
    test.skipIf(missing)(`writes with the filter ${filter}`, async () => {
      for (const input of [code, program]) {
        const coded = run([`--${filter}`, "--lzma2=preset=0"], input);
        deepEqual(await decode(row, coded), input);
        const pieces = cutAtRandom(coded, 4000);
        deepEqual(await through(pieces, row.codec.decoder()), input);
      }
    });
  }

  test.skipIf(missing)("writes with several filters", async () => {
    const filters = ["--delta=dist=4", "--arm", "--x86", "--lzma2=preset=0"];
    deepEqual(await decode(row, run(filters, code)), code);
  });

  test.skipIf(missing)("writes .lzma, with and without a length", async () => {
    for (const args of [["-2"], ["--lzma1=lc=1,lp=3,pb=1,dict=1MiB"]]) {
      const coded = run(["--format=lzma", ...args], sample);
      deepEqual(await decode(row, coded), sample);
      deepEqual(await decode(alone, coded), sample);
      // A length in the header may have an end marker nevertheless.
      const sized = coded.slice();
      new DataView(sized.buffer).setBigUint64(5, BigInt(sample.length), true);
      deepEqual(await decode(row, sized), sample);
      new DataView(sized.buffer).setBigUint64(5, 100n, true);
      await rejects(decode(row, sized), FormatError);
    }
  });
});

test("padding comes in fours, and only after xz", async () => {
  const coded = await encode(row, sample);
  const more = (count: number) => concat([coded, new Uint8Array(count)]);
  deepEqual(await decode(row, more(4)), sample);
  for (const count of [1, 2, 3, 5]) {
    await rejects(decode(row, more(count)), FormatError);
  }
  const old = await encode(alone, sample);
  await rejects(decode(row, concat([old, new Uint8Array(4)])), FormatError);
});

test("what follows is passed over if it is asked for, as in Python", async () => {
  const lenient = { name: "xz", codec: xz({ ignoresRest: true }) };
  const coded = await encode(row, sample);
  const old = await encode(alone, sample);
  const text = (value: string) => new TextEncoder().encode(value);
  for (const junk of ["JUNK", "\xff", "{}", "\u00fd7zX?"]) {
    const bytes = Uint8Array.from(junk, (letter) => letter.charCodeAt(0));
    deepEqual(await decode(lenient, concat([coded, bytes])), sample);
    deepEqual(await decode(lenient, concat([old, bytes])), sample);
  }
  for (const second of [coded, old]) {
    deepEqual(
      await decode(lenient, concat([coded, second, text("JUNK")])),
      concat([sample, sample]),
    );
  }
  // Four zeros could begin a .lzma file, and then there is no more of it.
  const cut = concat([coded, new Uint8Array(4)]);
  await rejects(decode(lenient, cut), TruncatedError);
  await rejects(decode(lenient, coded.subarray(0, -1)), TruncatedError);
});

test("a dictionary is granted, or refused, before there is memory for it", async () => {
  const coded = await encode({ name: "xz", codec: xz({ preset: 9 }) }, sample);
  for (const codec of [xz({ maxDictionary: 1 << 25 })]) {
    await rejects(
      decode({ name: "xz", codec }, coded),
      (error) => error instanceof LimitError && error.actual === 1 << 26,
    );
  }
  deepEqual(await decode(row, coded), sample);
  const old = await encode(alone, sample);
  new DataView(old.buffer).setUint32(1, 1 << 30, true);
  await rejects(decode(row, old), LimitError);
});

test("options that are none are refused", () => {
  throws(() => xz({ preset: 10 }), RangeError);
  throws(() => lzma({ preset: 1.5 }), RangeError);
  throws(() => xz({ check: "md5" as "none" }), RangeError);
  equal(xz().name, "xz");
});
