import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { concat } from "../../src/bytes.ts";
import { FormatError, TruncatedError } from "../../src/errors.ts";
import { Xxh64 } from "../../src/xxh64.ts";
import { base64 } from "../../streams/base64.ts";
import { brotli } from "../../streams/brotli.ts";
import { deflate, deflateRaw, gzip } from "../../streams/gzip.ts";
import { zstd } from "../../streams/zstd.ts";
import {
  collect,
  cutInto,
  decode,
  encode,
  sample,
  sourceOf,
  through,
} from "./_table.ts";
import { noise, withoutNative } from "./_runtime.ts";

const inputs = [
  new Uint8Array(0),
  Uint8Array.of(7),
  sample,
  noise(100_001),
  new Uint8Array(3 << 20),
];
const JUNK = new TextEncoder().encode("JUNK");
/** Node's own stream takes junk for the end; there `node:zlib` is always at hand. */
const isNode = !("Bun" in globalThis) && !("Deno" in globalThis);
/** Likewise for inputs that are cut. */
const isDeno = "Deno" in globalThis;
let hasBrotli = true;
try {
  new CompressionStream("brotli" as CompressionFormat);
} catch {
  hasBrotli = false;
}

const rows = [gzip(), deflate(), deflateRaw(), zstd({ checksum: true }), zstd()]
  .map((codec) => ({ name: codec.name, codec }));

for (const row of rows) {
  describe(`${row.name} without Node's modules`, () => {
    test("writes what the native one reads, and the other way round", async () => {
      for (const input of inputs) {
        const portable = await withoutNative(() => encode(row, input));
        deepEqual(await decode(row, portable), input);
        const native = await encode(row, input);
        deepEqual(await withoutNative(() => decode(row, native)), input);
      }
    });

    test("reads chunks of any size, and changes none", async () => {
      const coded = await encode(row, sample);
      const kept = coded.slice();
      await withoutNative(async () => {
        for (const size of [1, 2, 3, 5, 64, 4096]) {
          const read = through(cutInto(coded, size), row.codec.decoder());
          deepEqual(await read, sample);
        }
      });
      deepEqual(coded, kept);
    });

    test.skipIf(isDeno && row.name.startsWith("deflate"))(
      "sees cuts",
      async () => {
        const coded = await encode(row, sample.subarray(0, 300));
        await withoutNative(async () => {
          for (let length = 0; length < coded.length; length++) {
            await rejects(
              decode(row, coded.subarray(0, length)),
              TruncatedError,
              `cut after ${length} of ${coded.length}`,
            );
          }
        });
      },
    );

    test.skipIf(isNode && row.name !== "zstd")(
      "refuses what follows the end",
      async () => {
        const whole = concat([await encode(row, sample), JUNK]);
        await withoutNative(() =>
          rejects(
            through(cutInto(whole, 100), row.codec.decoder()),
            (error) => error instanceof FormatError && error.stage === row.name,
          )
        );
      },
    );

    test("makes no more than its reader takes", async () => {
      const coded = await encode(row, new Uint8Array(64 << 20));
      await withoutNative(async () => {
        const source = sourceOf(cutInto(coded, 1000));
        const reader = source.readable.pipeThrough(row.codec.decoder())
          .getReader();
        for (let i = 0; i < 3; i++) {
          const { value } = await reader.read();
          ok(value!.length <= 1 << 20);
        }
        ok(source.pulled() < 20, `${source.pulled()}`);
        const reason = new Error("enough");
        await reader.cancel(reason);
        await new Promise((resolve) => setTimeout(resolve, 30));
        equal(source.cancelled(), reason);
      });
    });
  });
}

test("zstd without Node's modules sees every flipped bit, if there is a checksum", async () => {
  const row = { name: "zstd", codec: zstd({ checksum: true }) };
  const input = sample.subarray(0, 300);
  const coded = await encode(row, input);
  await withoutNative(async () => {
    for (let bit = 0; bit < coded.length * 8; bit++) {
      const bad = coded.slice();
      bad[bit >> 3]! ^= 1 << (bit & 7);
      try {
        deepEqual(await decode(row, bad), input);
      } catch (error) {
        const ours = error instanceof FormatError ||
          (error as Error).name === "LimitError";
        ok(ours, `bit ${bit}: ${error}`);
      }
    }
  });
});

test("zstd without Node's modules notes a known size down, in one frame", async () => {
  const input = noise(3 << 20);
  const coded = await withoutNative(() =>
    collect(
      sourceOf(cutInto(input, 70_000)).readable.pipeThrough(
        zstd().encoder(input.length),
      ),
    )
  );
  const [b0, b1, b2, b3, descriptor] = coded;
  deepEqual([b0, b1, b2, b3], [0x28, 0xb5, 0x2f, 0xfd]);
  equal(descriptor! >> 6, 2);
  const at = descriptor! & 32 ? 5 : 6;
  equal(new DataView(coded.buffer).getUint32(at, true), input.length);
});

test.skipIf(!hasBrotli)(
  "brotli without Node's modules runs on the platform's",
  async () => {
    const row = { name: "brotli", codec: brotli() };
    await withoutNative(async () => {
      const coded = await encode(row, sample);
      deepEqual(await decode(row, coded), sample);
      await rejects(decode(row, coded.subarray(0, -1)), TruncatedError);
    });
  },
);

describe("base64 without the runtime's own", () => {
  const hidden = ["toBase64", "setFromBase64"] as const;
  const withoutOwn = async (body: () => Promise<void>) => {
    const prototype = Uint8Array.prototype as unknown as Record<
      string,
      unknown
    >;
    const own = hidden.map((name) =>
      [name, Object.getOwnPropertyDescriptor(prototype, name)] as const
    );
    for (const name of hidden) delete prototype[name];
    try {
      await body();
    } finally {
      for (const [name, descriptor] of own) {
        if (descriptor) Object.defineProperty(prototype, name, descriptor);
      }
    }
  };
  const same = async () => {
    for (const url of [false, true]) {
      for (const input of [...inputs.slice(0, 4)]) {
        const row = { name: "base64", codec: base64({ url }) };
        const letters = await encode(row, input);
        const bits = { padded: true, url };
        deepEqual(new TextDecoder().decode(letters), plainBase64(input, bits));
        deepEqual(await decode(row, letters), input);
      }
      const codec = base64({ url });
      for (
        const bad of ["AA A", "AA\n=", url ? "AA+A" : "AA-A", "AAé", "A\tAA"]
      ) {
        const bytes = new TextEncoder().encode(`AAAA${bad}AAAA`);
        await rejects(decode({ name: "base64", codec }, bytes), FormatError);
      }
    }
  };
  test("it is the same with it", same);
  test("it is the same on Buffer", () => withoutOwn(same));
  test.skipIf(isNode)(
    "it is the same on @std/encoding",
    () =>
      withoutOwn(async () => {
        const own = Object.getOwnPropertyDescriptor(globalThis, "Buffer")!;
        delete (globalThis as { Buffer?: unknown }).Buffer;
        try {
          await same();
        } finally {
          Object.defineProperty(globalThis, "Buffer", own);
        }
      }),
  );
});

/** Slow and plain, to compare with. */
function plainBase64(bytes: Uint8Array, { url }: { url: boolean }): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const text = btoa(binary);
  return url ? text.replaceAll("+", "-").replaceAll("/", "_") : text;
}

test("Xxh64 gives the known values", () => {
  const sum = (text: string, step: number) => {
    const hash = new Xxh64();
    for (const part of cutInto(new TextEncoder().encode(text), step)) {
      hash.update(part);
    }
    return hash.digest();
  };
  equal(sum("", 1), 0xef46db3751d8e999n);
  equal(sum("a", 1), 0xd24ec4f1a98c6e5bn);
  equal(sum("abc", 2), 0x44bc2cf5ad770999n);
  const long =
    "Call me Ishmael. Some years ago--never mind how long precisely-";
  for (const step of [1, 5, 31, 32, 33, 100]) {
    equal(sum(long, step), 0x02a2e85470d6fd96n);
  }
});
