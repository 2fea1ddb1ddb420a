import { afterAll, describe, test } from "bun:test";
import { deepEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concat } from "../../src/bytes.ts";
import { brotli } from "../../streams/brotli.ts";
import { bzip2 } from "../../streams/bzip2.ts";
import { gzip } from "../../streams/gzip.ts";
import { lz4 } from "../../streams/lz4.ts";
import { zstd } from "../../streams/zstd.ts";
import { decode, encode, sample } from "./_table.ts";
import { noise, withoutNative } from "./_runtime.ts";
import { base64 } from "../../streams/base64.ts";
import type { Bytes } from "../../src/types.ts";

const folder = mkdtempSync(join(tmpdir(), "codecs-"));
afterAll(() => rmSync(folder, { recursive: true }));

function isMissing(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${command}`]).status !== 0;
}

/** What a command makes of bytes. They come from a file: to feed a pipe while reading another is not for `spawnSync`. */
function run(command: string, args: string[], input: Uint8Array): Bytes {
  const path = join(folder, "input");
  writeFileSync(path, input);
  const { status, stdout, stderr } = spawnSync(
    "sh",
    ["-c", 'exec "$@" < "$0"', path, command, ...args],
    { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] },
  );
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  return new Uint8Array(stdout);
}

const inputs = [new Uint8Array(0), sample, noise(300_000)];

/** The commands that should be at hand, and how they are told to pack; `-d` unpacks with all. */
const peers = [
  { command: "gzip", packs: [["-1"], ["-9"]], codec: gzip() },
  {
    command: "zstd",
    packs: [["-q"], ["-q", "--no-check", "-19"], ["-q", "--long=27"]],
    codec: zstd(),
  },
  {
    command: "zstd",
    packs: [["-q"]],
    codec: zstd({ checksum: true, level: 19 }),
  },
  {
    command: "bzip2",
    packs: [["-1"], ["-5"], ["-9"], ["--small"]],
    codec: bzip2(),
  },
  {
    command: "lz4",
    packs: [
      ["-c", "-q"],
      ["-c", "-q", "-9", "-B4", "-BD", "--content-size"],
      ["-c", "-q", "-BX", "--no-frame-crc", "-B5"],
    ],
    codec: lz4(),
  },
  { command: "brotli", packs: [["-c", "-q", "5"]], codec: brotli() },
];

for (const { command, packs, codec } of peers) {
  const missing = isMissing(command);
  const row = { name: command, codec };
  const note = missing ? " (skipped: the command is not installed)" : "";
  const unpack = command === "zstd" ? ["-q", "-d", "-c"] : ["-d", "-c"];

  describe(`the ${command} command${note}`, () => {
    test.skipIf(missing)("reads what is written here", async () => {
      for (const input of inputs) {
        const coded = await encode(row, input);
        deepEqual(run(command, unpack, coded), input);
      }
      if (command === "zstd") {
        const portable = await withoutNative(() => encode(row, noise(3 << 20)));
        deepEqual(run(command, unpack, portable), noise(3 << 20));
      }
    });

    test.skipIf(missing)("writes what is read here", async () => {
      for (const input of inputs) {
        for (const args of packs) {
          const coded = run(command, args, input);
          deepEqual(await decode(row, coded), input);
          if (command === "brotli") continue;
          deepEqual(
            await decode(row, concat([coded, coded])),
            concat([input, input]),
          );
        }
      }
    });
  });
}

const noBase64 = isMissing("base64");
test.skipIf(noBase64)("the base64 command and this one agree", async () => {
  const codec = base64({ lineLength: 76, lineEnd: "\n" });
  const row = { name: "base64", codec };
  for (const input of inputs) {
    const letters = run("base64", [], input);
    deepEqual(await encode(row, input), letters);
    deepEqual(await decode(row, letters), input);
  }
});

test("a header of gzip with a name, a comment, a field and its own checksum is read", async () => {
  const coded = await encode({ name: "gzip", codec: gzip() }, sample);
  const { crc32 } = await import("../../src/crc32.ts");
  const text = (value: string) => new TextEncoder().encode(value);
  const head = concat([
    Uint8Array.of(0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3),
    Uint8Array.of(3, 0, 1, 2, 3),
    text("name.txt\0"),
    text("a comment\0"),
  ]);
  const sum = crc32(head);
  const whole = concat([
    head,
    Uint8Array.of(sum & 255, sum >> 8 & 255),
    coded.subarray(10),
  ]);
  deepEqual(await decode({ name: "gzip", codec: gzip() }, whole), sample);
});
