import type { Bytes } from "../src/types.ts";
import { concat } from "../src/bytes.ts";
import { UnknownNameError } from "../src/errors.ts";
import { Xxh64 } from "../src/xxh64.ts";
import type { ZstdHeader } from "../src/zstd_frames.ts";
import type { Emit } from "./_paced_stream.ts";
import type { Section } from "./_section.ts";
import type { ZstdEngine } from "./_zstd_decoder.ts";

const MAX_OUTPUT = 64 * 1024;
/** Without a known size, so much becomes a frame of its own. */
const FRAME = 1 << 20;
/** A known size up to here becomes one frame, which the encoder must hold whole; Dask cuts its frames at this size. */
const MAX_WHOLE = 1 << 26;
const CHECKSUM_FLAG = 4;

/** Reads on runtimes without native zstd. `fzstd` reads the frames; it checks neither their length nor their checksum. */
export const portableEngine: ZstdEngine = {
  byBlock: true,
  start: portableSection,
};

function portableSection(emit: Emit, header: () => ZstdHeader): Section {
  type Decompress = import("fzstd").Decompress;
  const made: Bytes[] = [];
  const hash = new Xxh64();
  let engine: Decompress | undefined;
  let length = 0;
  let taken = 0;
  let tail: Bytes = new Uint8Array(0);

  const push = async (bytes: Bytes, last: boolean) => {
    if (!engine) {
      const { Decompress } = await import("fzstd");
      engine = new Decompress((out) => made.push(out as Bytes));
    }
    engine.push(bytes, last);
    for (const out of made.splice(0)) {
      length += out.length;
      if (header().checksum) hash.update(out);
      for (let i = 0; i < out.length; i += MAX_OUTPUT) {
        await emit(out.subarray(i, i + MAX_OUTPUT));
      }
    }
  };
  return {
    async write(bytes) {
      // A copy, since the engine keeps hold of what it is given.
      const copy = bytes.slice();
      await push(copy, false);
      taken += copy.length;
      tail = concat([tail, copy.subarray(-4)]).subarray(-4);
      return copy.length;
    },
    async end() {
      await push(new Uint8Array(0), true);
      const { contentSize = length, checksum } = header();
      if (contentSize !== length) throw new Error("the length does not match");
      if (checksum && checksumOf(hash) !== numberOf(tail)) {
        throw new Error("the checksum does not match");
      }
    },
    close() {
      engine = undefined;
    },
    get taken() {
      return taken;
    },
  };
}

/** The shortest module of WebAssembly: nothing but its magic and its version. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Workers, and pages with a strict policy, may not compile; the library would wait for its module forever. */
function insistOnWasm(): void {
  try {
    new WebAssembly.Module(EMPTY_MODULE);
  } catch (cause) {
    const known = ["gzip", "deflate", "deflate-raw"];
    throw new UnknownNameError("codec", "zstd", known, { cause });
  }
}

/** Writes on runtimes without native zstd. */
export function portableCompressor(
  { level, checksum, size }: {
    level: number;
    checksum: boolean;
    size: number | undefined;
  },
  emit: Emit,
): Section {
  insistOnWasm();
  const frame = size !== undefined && size <= MAX_WHOLE
    ? Math.max(size, 1)
    : FRAME;
  let parts: Bytes[] = [];
  let held = 0;
  let taken = 0;
  let frames = 0;
  const flush = async () => {
    const { default: Zstd } = await import("numcodecs/zstd");
    const plain = concat(parts);
    parts = [];
    held = 0;
    frames++;
    const packed = await Zstd.fromConfig({ id: "zstd", level }).encode(plain);
    await emit(checksum ? withChecksum(packed, plain) : packed as Bytes);
  };
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length;) {
        // A copy: it waits here until the frame is full.
        const part = bytes.slice(at, at + frame - held);
        parts.push(part);
        held += part.length;
        at += part.length;
        if (held === frame) await flush();
      }
      taken += bytes.length;
      return bytes.length;
    },
    async end() {
      if (held > 0 || frames === 0) await flush();
    },
    close() {
      parts = [];
    },
    get taken() {
      return taken;
    },
  };
}

/** The library writes none; it is a bit in the header and four bytes at the end. */
function withChecksum(packed: Uint8Array, plain: Bytes): Bytes {
  const frame = new Uint8Array(packed.length + 4);
  frame.set(packed);
  frame[4]! |= CHECKSUM_FLAG;
  const hash = new Xxh64();
  hash.update(plain);
  new DataView(frame.buffer).setUint32(packed.length, checksumOf(hash), true);
  return frame;
}

function checksumOf(hash: Xxh64): number {
  return Number(BigInt.asUintN(32, hash.digest()));
}

function numberOf({ buffer, byteOffset }: Bytes): number {
  return new DataView(buffer, byteOffset).getUint32(0, true);
}
