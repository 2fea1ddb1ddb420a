import { describe, test } from "bun:test";
import { deepEqual, equal, throws } from "node:assert/strict";
import {
  deserialize,
  deserializeBytes,
  dumps,
  loads,
  nestedDeserialize,
  packFrames,
  Serialize,
  serialize,
  serializeBytelist,
  serializeBytes,
  Serialized,
  ToPickle,
  toSerialize,
  unpackFrames,
  unpackPartialFrames,
} from "../../streams/dask/mod.ts";
import { pack } from "../../src/dask/_packer.ts";
import { unpack } from "../../src/dask/_unpacker.ts";
import {
  FormatError,
  LimitError,
  RemoteError,
  SerializeError,
  TruncatedError,
  UnknownNameError,
} from "../../src/errors.ts";
import {
  type NdArray,
  PyEnum,
  PyFloat,
  PyTuple,
} from "../../src/pickle/mod.ts";
import type { Bytes } from "../../src/types.ts";

const bytes = (...values: number[]) => new Uint8Array(values);

describe("messages", () => {
  test("what msgpack holds comes back", () => {
    const messages = [
      null,
      [1, -1, 127, 128, -33, 2 ** 31, -(2 ** 31), 2 ** 40, -(2 ** 53) + 1],
      [0.5, -0, NaN, Infinity, 2n ** 64n - 1n, -(2n ** 63n)],
      { a: "ä".repeat(100), b: "x".repeat(70_000), c: bytes(1, 2) },
      new Map<unknown, unknown>([[1, 2], [null, 3], ["10", 4]]),
      { keys: new Set(["a", "b"]), deep: [new Set([1])] },
      new PyEnum("distributed.core", "Status", { member: "running" }),
      Array.from({ length: 70_000 }, (_, i) => i),
    ];
    for (const message of messages) {
      const frames = dumps(message);
      equal(frames.length, 1);
      deepEqual(loads(frames), message);
    }
    const tuple = loads(dumps([1, [2]]), { arrays: "tuple" });
    deepEqual(tuple, PyTuple.of<unknown>(1, PyTuple.of(2)));
  });

  test("marked values are in frames of their own", () => {
    const data = new Float64Array([1, 2]);
    const frames = dumps({ a: toSerialize(data), b: [toSerialize({ x: 1 })] });
    equal(frames[2]!.buffer, data.buffer);
    const { a, b } = loads(frames) as { a: NdArray; b: unknown };
    deepEqual(a.toTypedArray(), data);
    deepEqual(b, [{ x: 1 }]);
    deepEqual(loads(dumps(toSerialize([1]))), [1]);
  });

  test("values are passed on byte by byte", () => {
    const frames = dumps(
      { x: toSerialize(new Uint8Array(50_000)) },
      { context: { compression: "lz4" }, frameSplitSize: 20_000 },
    );
    equal(frames.length, 5);
    const passed = loads(frames, { deserialize: false });
    deepEqual(dumps(passed), frames);
    deepEqual(nestedDeserialize(passed), { x: new Uint8Array(50_000) });
  });

  test("headers are passed on as they are, floats that look like integers too", () => {
    const header = {
      serializer: "dask",
      type: "m.Bag",
      "sub-header": { x: new PyFloat(1), y: [2, new PyFloat(-0), 0.5], n: 3 },
    };
    const frames = dumps({ x: new Serialized(header, []) });
    const passed = loads(frames, { deserialize: false });
    deepEqual(dumps(passed), frames);
    const { x } = nestedDeserialize(passed) as { x: Serialized };
    deepEqual(x.header["sub-header"], { x: 1, y: [2, -0, 0.5], n: 3 });
    const own = (passed as { x: Serialized }).x;
    deepEqual((deserialize(own.header, own.frames) as Serialized).header, {
      ...header,
      "num-sub-frames": 0,
      "sub-header": { x: 1, y: [2, -0, 0.5], n: 3 },
    });
  });

  test("frames that nothing refers to are no matter", () => {
    const [first, ...rest] = dumps({ a: toSerialize("x") });
    const stale = bytes(1, 2, 3);
    const moved = pack({ a: { __Serialized__: 2 } });
    equal(first!.length, moved.length);
    deepEqual(loads([moved, stale, ...rest, stale]), { a: "x" });
  });

  test("what msgpack does not hold is pickled, or refused", () => {
    const message = { x: new ToPickle(new Set([1])), at: new PyTuple() };
    deepEqual(loads(dumps(message), { deserialize: false }), {
      x: new Set([1]),
      at: [],
    });
    const array = { x: new Float64Array([1]) };
    const read = loads(dumps(array)) as { x: NdArray };
    deepEqual(read.x.toArray(), [1]);
    throws(() => dumps(array, { fallback: "refuse" }), SerializeError);
    for (const bad of [2n ** 64n, undefined, () => 1, "\ud800"]) {
      throws(
        () => dumps({ a: [bad] }),
        (error: SerializeError) =>
          error instanceof SerializeError && error.path === "$.a[0]",
      );
    }
    for (
      const key of ["__Serialized__", "__Pickled__", "__Set__", "__Enum__"]
    ) {
      throws(() => dumps({ a: { [key]: 1 } }), SerializeError);
      deepEqual(loads(dumps(toSerialize({ a: { [key]: 1 } }))), {
        a: { [key]: 1 },
      });
    }
  });

  test("enums of other modules are refused", () => {
    const frames = dumps(new PyEnum("os", "X", { member: "a" }));
    throws(() => loads(frames), UnknownNameError);
    equal((loads(frames, { allowedImports: ["os"] }) as PyEnum).member, "a");
  });

  test("errors are raised by who reads them", () => {
    throws(() => loads(dumps({ x: toSerialize(() => 1) })), RemoteError);
  });

  test("what is hostile is refused", () => {
    const refused = (
      frames: Bytes[],
      type: new (...rest: never[]) => Error = FormatError,
    ) => throws(() => loads(frames), type);
    refused([]);
    refused([bytes(0xc1)]);
    refused([bytes(0xdd, 255, 255, 255, 255)]);
    refused([bytes(0xdf, 255, 255, 255, 255)]);
    refused([bytes(0xc6, 255, 255, 255, 255)]);
    refused([bytes(1, 2)]);
    refused([bytes(0xa1, 0xff)]);
    refused([new Uint8Array(1000).fill(0x91)], LimitError);
    const mark = pack({ __Serialized__: 1 });
    refused([mark]);
    const sub = (more: object) =>
      pack({ serializer: "msgpack", "num-sub-frames": 1, ...more });
    deepEqual(loads([mark, sub({}), bytes(7)]), 7);
    refused([mark, sub({ "num-sub-frames": 2 }), bytes(7)]);
    refused([mark, sub({ "num-sub-frames": -1 }), bytes(7)]);
    refused([mark, sub({ compression: [null, null] }), bytes(7)]);
    refused(
      [mark, sub({ compression: ["rar"] }), bytes(7)],
      UnknownNameError,
    );
    const split = { "split-num-sub-frames": [1], "split-offsets": [1] };
    refused([mark, sub(split), bytes(7)]);
    const twice = { "split-num-sub-frames": [1, 1], "split-offsets": [0, 0] };
    refused([mark, sub(twice), bytes(7)]);
    equal(({} as { polluted?: 1 }).polluted, undefined);
    const proto = loads([pack(new Map([["__proto__", { polluted: 1 }]]))]);
    equal(proto instanceof Map, true);
  });
});

describe("blobs", () => {
  const value = { a: [1, 2], b: new Uint8Array(30_000) };

  test("values come back, compressed or not", () => {
    for (const compression of [null, "zlib", "lz4", "snappy", "zstd"]) {
      const blob = serializeBytes(value, { compression });
      equal(blob.length < 3_000, compression !== null);
      deepEqual(deserializeBytes(blob), value);
      const pieces = serializeBytelist(value, { compression });
      deepEqual(new Uint8Array(pieces.flatMap((piece) => [...piece])), blob);
    }
  });

  test("arrays that were cut and compressed are joined", () => {
    const data = Float64Array.from({ length: 40_000 }, (_, i) => i >> 8);
    for (const compression of ["zlib", "lz4", "snappy", "zstd"]) {
      const options = { compression, frameSplitSize: 100_001 };
      const blob = serializeBytes({ a: data, b: data }, options);
      const { a, b } = deserializeBytes(blob) as Record<string, NdArray>;
      deepEqual([a!.toTypedArray(), b!.toTypedArray()], [data, data]);
    }
  });

  test("a piece that is used twice is what it was, both times", () => {
    const data = new Uint8Array(400_000).fill(1);
    const options = { compression: "lz4", frameSplitSize: 100_000 };
    const blob = serializeBytes([data, data], options);
    const [first, ...rest] = unpackFrames(blob);
    const header = unpack(first!) as Record<string, unknown>;
    const read = (counts: number[], offsets: number[]) => {
      const lists = {
        "split-num-sub-frames": counts,
        "split-offsets": offsets,
      };
      const packed = pack({ ...header, ...lists });
      return deserializeBytes(packFrames([packed, ...rest]));
    };
    for (const [counts, offsets] of [[[1, 4], [0, 0]], [[4, 2], [0, 0]]]) {
      deepEqual(
        read(counts!, offsets!),
        counts!.map((count) => data.subarray(0, count * 100_000)),
      );
    }
    throws(() => read([4, 5], [0, 0]), FormatError);
  });

  test("arrays that were cut are joined without a copy", () => {
    const data = new Float64Array(1_000);
    const blob = serializeBytes(data, { frameSplitSize: 3_000 });
    const array = deserializeBytes(blob) as NdArray;
    equal((array.data as Bytes).buffer, blob.buffer);
  });

  test("frames, whole and in part", () => {
    const frames = [bytes(1), bytes(), bytes(2, 3)];
    const packed = packFrames(frames);
    deepEqual(unpackFrames(packed), frames);
    deepEqual(packFrames([]), new Uint8Array(8));
    deepEqual(unpackFrames(new Uint8Array(8)), []);
    const [rest] = unpackFrames(packed, { remainder: true }).slice(-1);
    equal(rest!.length, 0);
    for (let length = 0; length < packed.length; length++) {
      throws(() => unpackFrames(packed.subarray(0, length)), TruncatedError);
    }
    deepEqual(unpackPartialFrames(packed.subarray(0, -1)), {
      frames: frames.slice(0, 2),
      missing: [2],
    });
    throws(() => unpackFrames(packed, { maxFrames: 2 }), LimitError);
    const many = new Uint8Array(16).fill(255);
    throws(() => unpackFrames(many), LimitError);
  });

  test("marks are replaced in lists and maps alone", () => {
    const { header, frames } = serialize("s");
    const marks = {
      a: [new Serialize(1), new Serialized(header, frames)],
      b: new Map([[1, new ToPickle(2)]]),
      c: PyTuple.of(new Serialize(3)),
    };
    deepEqual(nestedDeserialize(marks), {
      a: [1, "s"],
      b: new Map([[1, 2]]),
      c: marks.c,
    });
  });
});
