/**
 * Each codec as a stream against the bare call of the runtime on the whole, or Python's function where the runtime has none, in
 * one run: `bun bench/codecs.ts [MiB [codec]]`. Prints MB/s of plain data and the ratio of the two; checks every result first.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { deepEqual } from "node:assert/strict";
import * as zlib from "node:zlib";
import type { Bytes } from "../src/types.ts";
import { base64 } from "../streams/base64.ts";
import { brotli } from "../streams/brotli.ts";
import { bzip2 } from "../streams/bzip2.ts";
import { deflate, deflateRaw, gzip } from "../streams/gzip.ts";
import { lz4, lz4Block } from "../streams/lz4.ts";
import { snappy } from "../streams/snappy.ts";
import type { Codec } from "../streams/stage.ts";
import { xz } from "../streams/xz.ts";
import { zstd } from "../streams/zstd.ts";

const CHUNK = 64 * 1024;
const ROUNDS = 3;
const plain = records(Number(process.argv[2] ?? 16) << 20);

interface Bare {
  encode(bytes: Bytes): Uint8Array;
  decode(bytes: Bytes): Uint8Array;
}

const quality = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } };
const rows: [Codec, Bare | undefined][] = [
  [gzip(), {
    encode: (b) => zlib.gzipSync(b),
    decode: (b) => zlib.gunzipSync(b),
  }],
  [gzip({ level: 1 }), {
    encode: (b) => zlib.gzipSync(b, { level: 1 }),
    decode: (b) => zlib.gunzipSync(b),
  }],
  [deflate(), {
    encode: (b) => zlib.deflateSync(b),
    decode: (b) => zlib.inflateSync(b),
  }],
  [deflateRaw(), {
    encode: (b) => zlib.deflateRawSync(b),
    decode: (b) => zlib.inflateRawSync(b),
  }],
  [brotli(), {
    encode: (b) => zlib.brotliCompressSync(b, quality),
    decode: (b) => zlib.brotliDecompressSync(b),
  }],
  [
    zstd(),
    "zstdCompressSync" in zlib
      ? {
        encode: (b) => zlib.zstdCompressSync(b),
        decode: (b) => zlib.zstdDecompressSync(b),
      }
      : undefined,
  ],
  // Chunk by chunk, bytes to bytes, as one would write it by hand; but the stream is strict.
  [base64(), bareBase64()],
  [base64({ lineLength: 76 }), undefined],
];

function bareBase64(): Bare {
  const size = CHUNK / 4 * 3;
  const ascii = new TextEncoder();
  const each = (bytes: Bytes, step: number, run: (part: Bytes) => unknown) => {
    for (let i = 0; i < bytes.length; i += step) {
      run(bytes.subarray(i, i + step));
    }
    return bytes;
  };
  const view = (b: Bytes) => Buffer.from(b.buffer, b.byteOffset, b.length);
  return {
    encode: (bytes) =>
      each(bytes, size, (part) => ascii.encode(view(part).toString("base64"))),
    decode: (bytes) =>
      each(
        bytes,
        CHUNK,
        (part) => Buffer.from(view(part).toString("latin1"), "base64"),
      ),
  };
}

console.log(
  "codec".padEnd(14),
  "encode bare ratio".padEnd(26),
  "decode bare ratio",
);
const only = process.argv[3];
for (const [codec, bare] of rows) {
  if (only && codec.name !== only) continue;
  const coded = await streamed(plain, codec.encoder());
  deepEqual(await streamed(coded, codec.decoder()), plain);
  const cells = [];
  for (const side of ["encode", "decode"] as const) {
    const input = side === "encode" ? plain : coded;
    let ours = Infinity;
    let theirs = Infinity;
    for (let i = 0; i < ROUNDS; i++) {
      ours = Math.min(ours, await time(() => run(codec, side, input)));
      if (bare) theirs = Math.min(theirs, await time(() => bare[side](input)));
    }
    const rate = (ms: number) =>
      (plain.length / ms / 1000).toFixed(0).padStart(6);
    cells.push(
      `${rate(ours)} ${bare ? rate(theirs) : "     -"} ${
        bare ? (theirs / ours).toFixed(2) : "-"
      }`.padEnd(26),
    );
  }
  console.log(codec.name.padEnd(14), ...cells);
}

function run(codec: Codec, side: "encode" | "decode", input: Bytes) {
  const stream = side === "encode" ? codec.encoder() : codec.decoder();
  return streamed(input, stream, false);
}

/** What Python calls, to pack and to unpack. */
const pythons: [string, Codec, string, string, string][] = [
  [
    "xz preset 0",
    xz({ preset: 0 }),
    "lzma",
    "compress(d,preset=0)",
    "decompress",
  ],
  [
    "xz preset 1",
    xz({ preset: 1 }),
    "lzma",
    "compress(d,preset=1)",
    "decompress",
  ],
  [
    "xz preset 3",
    xz({ preset: 3 }),
    "lzma",
    "compress(d,preset=3)",
    "decompress",
  ],
  ["xz", xz(), "lzma", "compress(d)", "decompress"],
  ["bzip2", bzip2(), "bz2", "compress(d)", "decompress"],
  [
    "lz4",
    lz4(),
    "lz4.frame",
    "compress(d,content_checksum=True)",
    "decompress",
  ],
  ["lz4-block", lz4Block(), "lz4.block", "compress(d)", "decompress"],
  ["snappy", snappy(), "snappy", "compress(d)", "uncompress"],
];
console.log(
  "\ncodec".padEnd(15),
  "encode python ratio".padEnd(26),
  "decode python ratio".padEnd(26),
  "size python",
);
for (const [name, codec, module, pack, unpack] of pythons) {
  if (only && codec.name !== only) continue;
  const [python, packed] = inPython(module, pack, unpack);
  if (!packed) {
    console.log(name.padEnd(14), `Python has no ${module}`);
    continue;
  }
  const coded = await streamed(plain, codec.encoder());
  deepEqual(await streamed(coded, codec.decoder()), plain);
  deepEqual(await streamed(packed, codec.decoder()), plain);
  const cells = [];
  for (const side of ["encode", "decode"] as const) {
    const input = side === "encode" ? plain : packed;
    const rounds = name === "xz" && side === "encode" ? 1 : ROUNDS;
    let ours = Infinity;
    for (let i = 0; i < rounds; i++) {
      ours = Math.min(ours, await time(() => run(codec, side, input), cpu));
    }
    const theirs = python[side];
    const rate = (ms: number) =>
      (plain.length / ms / 1000).toFixed(1).padStart(6);
    cells.push(
      `${rate(ours)} ${rate(theirs)} ${(theirs / ours).toFixed(2)}`.padEnd(26),
    );
  }
  console.log(name.padEnd(14), ...cells, coded.length, packed.length);
}

/** Milliseconds that Python computes for, and what it packs. */
function inPython(
  module: string,
  pack: string,
  unpack: string,
): [{ encode: number; decode: number }, Bytes?] {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const path = join(folder, "data");
  writeFileSync(path, plain);
  const { status, stdout } = spawnSync("python3", [
    "-c",
    `import ${module} as m, time, sys
d = open(sys.argv[1], "rb").read()
def timed(f, n):
    best = 1e9
    for _ in range(n):
        t = time.process_time(); r = f(); best = min(best, time.process_time() - t)
    return r, best * 1000
e, a = timed(lambda: m.${pack}, 1)
_, b = timed(lambda: m.${unpack}(e), 3)
open(sys.argv[1], "wb").write(e)
print(a, b)`,
    path,
  ], { encoding: "utf8" });
  const [encode = 0, decode = 0] = stdout.split(" ").map(Number);
  const packed = status === 0 ? new Uint8Array(readFileSync(path)) : undefined;
  rmSync(folder, { recursive: true });
  return packed ? [{ encode, decode }, packed] : [{ encode, decode }];
}

/** What all threads of this process have computed, in milliseconds: Python's clock above counts the same. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function time(
  run: () => unknown,
  now = () => performance.now(),
): Promise<number> {
  const start = now();
  await run();
  return now() - start;
}

async function streamed(
  bytes: Bytes,
  stream: TransformStream<Bytes, Bytes>,
  keep = true,
): Promise<Bytes> {
  let at = 0;
  const source = new ReadableStream<Bytes>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, at += CHUNK));
    },
  }, { highWaterMark: 0 });
  const parts: Bytes[] = [];
  await source.pipeThrough(stream).pipeTo(
    new WritableStream({ write: (part) => void (keep && parts.push(part)) }),
  );
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Lines of JSON, the same on every run. */
function records(length: number): Bytes {
  let state = 1;
  const random = () =>
    (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const lines: string[] = [];
  for (let size = 0, id = 0; size < length; id++) {
    const line = `{"id":${id},"time":${1.7e9 + id * 7},"level":${
      random().toFixed(6)
    },"station":"S${random() * 500 | 0}","note":"${
      random() < 0.3 ? "checked by hand" : ""
    }"}\n`;
    lines.push(line);
    size += line.length;
  }
  return new TextEncoder().encode(lines.join(""));
}
