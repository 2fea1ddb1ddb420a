import { describe, test } from "bun:test";
import { deepEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  type Bytes,
  defaultRegistry,
  type Header,
  messageBatches,
  packFrames,
  unpackFrames,
} from "../../mod.ts";
import { fromBase64 } from "../../src/base64.ts";
import { concat } from "../../src/bytes.ts";
import { parseJson } from "../../src/json/parse.ts";
import { readMsgpack } from "../../src/msgpack/read.ts";
import { packLine, unpackLine } from "../../src/wire/lines.ts";
import { collect, cut, streamOf } from "../json/_helpers.ts";
import { isOurs } from "./_errors.ts";
import { same } from "./_same.ts";
import { FAMILIES } from "./_ways.ts";

/** The same on each run; another one finds other things. */
const seed = 20_261_121;
const runs = (numRuns: number) => ({ seed, numRuns });

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  // Lone surrogates among them.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom("__proto__", "$", "$Date", "$$", "constructor", "\ufeff"),
);
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(-0, NaN, Infinity, -Infinity),
);
const bytes: fc.Arbitrary<Bytes> = fc.uint8Array({ maxLength: 64 })
  .map((array) => Uint8Array.from(array));
const view = fc.tuple(
  fc.constantFrom(Uint8Array, Int16Array, Float32Array, Float64Array),
  fc.constantFrom(BigInt64Array, BigUint64Array),
  bytes,
  fc.boolean(),
).map(([Small, Big, { buffer }, big]) => {
  const View = big ? Big : Small;
  const size = View.BYTES_PER_ELEMENT;
  return new View(buffer, 0, Math.floor(buffer.byteLength / size));
});

const { value } = fc.letrec<{ value: unknown }>((tie) => {
  const inner = tie("value");
  const key = fc.oneof(text, fc.constantFrom("a", "b", "c"));
  return {
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      text,
      number,
      fc.constantFrom(null, true, false, undefined),
      fc.bigInt(),
      fc.date({ noInvalidDate: false }),
      view,
      bytes.map((array) => array.buffer),
      bytes.map(({ buffer }) => new DataView(buffer)),
      fc.array(inner, { maxLength: 6 }),
      fc.array(fc.tuple(key, inner), { maxLength: 6 })
        .map((entries) => Object.fromEntries(entries)),
      fc.array(fc.tuple(inner, inner), { maxLength: 4 })
        .map((entries) => new Map(entries)),
      fc.array(inner, { maxLength: 4 }).map((items) => new Set(items)),
    ),
  };
});

for (const family of FAMILIES) {
  describe(`any value, ${family}`, () => {
    test("comes back", () => {
      fc.assert(
        fc.property(value, (value) => {
          const message = defaultRegistry.serialize(value, { family });
          const packed = concat(packFrames(message));
          same(defaultRegistry.deserialize(unpackFrames(packed)), value);
          const line = packLine(message).slice(0, -1);
          same(defaultRegistry.deserialize(unpackLine(line, 0)), value);
        }),
        runs(800),
      );
    });

    test("comes back from a stream of many", async () => {
      const options = fc.record({
        maxBytes: fc.integer({ min: 1, max: 500 }),
        maxValues: fc.integer({ min: 1, max: 9 }),
        size: fc.constantFrom(1, 7, 100, "random" as const),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(value, { maxLength: 5 }), { maxLength: 8 }),
          options,
          async (batches, { size, ...options }) => {
            const stage = messageBatches({ family, ...options });
            const chunks = await collect(
              streamOf(batches).pipeThrough(stage.encoder()),
            );
            const back = await collect(
              streamOf(cut(concat(chunks), size)).pipeThrough(stage.decoder()),
            );
            same(back.flat(1), batches.flat(1));
          },
        ),
        runs(60),
      );
    });
  });
}

/** Every synchronous decoder. */
const decoders: Record<string, (bytes: Bytes) => unknown> = {
  unpackFrames: (bytes) => unpackFrames(bytes),
  unpackLine: (bytes) => unpackLine(bytes, 0),
  parseJson: (bytes) => parseJson("test", bytes, 0),
  readMsgpack: (bytes) => readMsgpack("test", bytes, 100),
};
for (const family of FAMILIES) {
  for (const header of [{}, { tagged: true }, { values: 2, tagged: true }]) {
    const name = `${family} ${JSON.stringify(header)}`;
    decoders[name] = (bytes) =>
      defaultRegistry.deserializeBatch({
        header: { serializer: family, ...header },
        frames: [bytes, Uint8Array.of(1, 2, 3, 4)],
      });
  }
}

/** Decodes, or throws an error of ours. */
function survives(decode: (bytes: Bytes) => unknown, bytes: Bytes): void {
  try {
    decode(bytes);
  } catch (error) {
    ok(isOurs(error), `${error}: ${(error as Error).stack}`);
  }
}

/** Bytes that mean something, somewhere. */
const telling = fc.constantFrom(
  ...[0x00, 0x7f, 0x80, 0x81, 0x91, 0xa1, 0xc0, 0xc1, 0xc4, 0xc7, 0xca, 0xcf],
  ...[0xd3, 0xd4, 0xd6, 0xd9, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xff, 0x24],
  ...new TextEncoder().encode('{}[]",:0-eE.\\ut$'),
);
const mutation = fc.record({
  kind: fc.constantFrom("flip", "set", "insert", "delete", "cut", "double"),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  byte: telling,
});
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

function mutate(bytes: Bytes, { kind, at, byte }: Mutation): Bytes {
  const i = Math.floor(at * bytes.length);
  const list = [...bytes];
  switch (kind) {
    case "flip":
      list[i]! ^= 1 << byte % 8;
      break;
    case "set":
      list[i] = byte;
      break;
    case "insert":
      list.splice(i, 0, byte);
      break;
    case "delete":
      list.splice(i, 1 + byte % 4);
      break;
    case "cut":
      list.length = i;
      break;
    case "double":
      list.splice(i, 0, ...list.slice(i, i + byte % 16));
  }
  return Uint8Array.from(list);
}

const keysBefore = Reflect.ownKeys(Object.prototype);

describe("any bytes", () => {
  const any = fc.oneof(
    bytes,
    fc.array(telling, { maxLength: 40 }).map((list) => Uint8Array.from(list)),
  );
  for (const [name, decode] of Object.entries(decoders)) {
    test(`are values or errors of ours: ${name}`, () => {
      fc.assert(
        fc.property(any, (bytes) => survives(decode, bytes)),
        runs(600),
      );
    });
  }
});

describe("a mutated message", () => {
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
  for (const family of FAMILIES) {
    test(`is a value or an error of ours: ${family}`, () => {
      fc.assert(
        fc.property(value, mutations, (value, mutations) => {
          const { header, frames: [first, ...frames] } = defaultRegistry
            .serialize([value], { family });
          const bad = mutations.reduce(mutate, first!);
          survives(
            (bad) =>
              defaultRegistry.deserialize({ header, frames: [bad, ...frames] }),
            bad,
          );
        }),
        runs(600),
      );
    });

    test(`packed, is an error of ours, or no change: ${family}`, () => {
      fc.assert(
        fc.property(value, mutations, (value, mutations) => {
          const message = defaultRegistry.serialize(value, { family });
          for (
            const [pack, unpack] of [
              [(m: typeof message) => concat(packFrames(m)), unpackFrames],
              [
                (m: typeof message) => packLine(m).slice(0, -1),
                (b: Bytes) => unpackLine(b, 0),
              ],
            ] as const
          ) {
            const good = pack(message);
            const bad = mutations.reduce(mutate, good);
            try {
              const back = unpack(bad);
              deepEqual([...bad], [...good]);
              same(defaultRegistry.deserialize(back), value);
            } catch (error) {
              if (isOurs(error)) continue;
              throw error;
            }
          }
        }),
        runs(600),
      );
    });
  }
});

describe("any header", () => {
  const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>;
  const list = fc.array(fc.oneof(fc.integer({ min: -1, max: 3 }), json));
  const header = fc.record({
    serializer: fc.oneof(fc.constantFrom(...FAMILIES, "error", "x"), json),
    values: fc.oneof(fc.integer({ min: -1, max: 3 }), fc.bigInt(), json),
    tagged: fc.oneof(fc.boolean(), json),
    compression: fc.oneof(list, json),
    "split-num-sub-frames": fc.oneof(list, json),
    "split-offsets": fc.oneof(list, json),
    end: json,
    brine: json,
  }, { requiredKeys: [] });

  test("makes a value or an error of ours, whole", () => {
    fc.assert(
      fc.property(
        header,
        fc.array(bytes, { maxLength: 3 }),
        (header, frames) => {
          const message = { header: header as Header, frames };
          survives(
            () => defaultRegistry.deserializeBatch(message),
            new Uint8Array(0),
          );
        },
      ),
      runs(1_000),
    );
  });

  test("makes a value or an error of ours, in a stream", async () => {
    const start = concat(packFrames({ header: { brine: 1 }, frames: [] }));
    await fc.assert(
      fc.asyncProperty(
        header,
        fc.array(bytes, { maxLength: 3 }),
        async (header, frames) => {
          // What msgpack cannot spell, the input cannot say either.
          if (typeof header.values === "bigint") {
            header.values = Number(
              header.values,
            );
          }
          const message = concat(
            packFrames({ header: header as Header, frames }),
          );
          try {
            await collect(
              streamOf([start, message]).pipeThrough(
                messageBatches().decoder(),
              ),
            );
          } catch (error) {
            ok(isOurs(error), `${error}: ${(error as Error).stack}`);
          }
        },
      ),
      runs(800),
    );
  });
});

describe("any text", () => {
  test("is JSON to us just if it is to the runtime", () => {
    const near = fc.tuple(fc.json(), fc.array(mutation, { maxLength: 2 }))
      .map(([json, mutations]) =>
        mutations.reduce(mutate, new TextEncoder().encode(json))
      );
    fc.assert(
      fc.property(near, (bytes) => {
        let wanted: unknown;
        try {
          const decoder = new TextDecoder("utf-8", {
            fatal: true,
            ignoreBOM: true,
          });
          wanted = JSON.parse(decoder.decode(bytes));
        } catch {
          wanted = isOurs;
        }
        let actual: unknown;
        try {
          actual = parseJson("test", bytes, 0);
        } catch (error) {
          actual = isOurs(error) ? isOurs : error;
        }
        deepEqual(actual, wanted);
      }),
      runs(600),
    );
  });

  test("is base64 to us just if its bytes make it again", () => {
    const letters = fc.string({
      unit: fc.constantFrom(..."AQgwBZz09+/=-_ \n\t\f."),
      maxLength: 12,
    });
    fc.assert(
      fc.property(letters, (text) => {
        const bytes = fromBase64(text);
        const valid = /^[A-Za-z0-9+/]*={0,2}$/.test(text) &&
          text.length % 4 === 0 && btoa(atob(text)) === text;
        deepEqual(bytes !== undefined, valid, text);
      }),
      runs(3_000),
    );
  });
});

test("Object.prototype is what it was", () => {
  deepEqual(Reflect.ownKeys(Object.prototype), keysBefore);
});
