import { describe, test } from "bun:test";
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import {
  ArrowStream,
  DaskRegistry,
  defaultDaskRegistry,
  deserialize,
  frameSplitSize,
  maybeCompress,
  PyMemoryView,
  registerGeneric,
  registerSerialization,
  registerSerializationFamily,
  serialize,
  Serialized,
  type SerializeOptions,
  toSerialize,
} from "../../streams/dask/mod.ts";
import {
  FormatError,
  RemoteError,
  SerializeError,
  UnknownNameError,
} from "../../src/errors.ts";
import { SmallPickles } from "../../src/dask/_small_pickles.ts";
import {
  DType,
  dumps as dumpPickle,
  NdArray,
  PyArray,
  PyByteArray,
  PyObject,
  PyTuple,
} from "../../src/pickle/mod.ts";

function copy(value: unknown, options: SerializeOptions = {}): unknown {
  const { header, frames } = serialize(value, options);
  return deserialize(header, frames);
}

const bytes = (...values: number[]) => new Uint8Array(values);

describe("serialize", () => {
  test("lists are iterated if their first leaf has a type of its own", () => {
    const isIterated = (value: unknown, options?: SerializeOptions) =>
      "is-collection" in serialize(value, options).header;
    equal(isIterated([bytes(1), 1]), true);
    equal(isIterated([1, bytes(1)]), false);
    equal(isIterated([]), false);
    equal(isIterated([[{ a: new Float64Array(1) }]]), true);
    equal(isIterated(new Set([1]), { iterateCollection: true }), true);
    equal(isIterated([bytes(1)], { iterateCollection: false }), false);
    equal(isIterated(toSerialize([1])), true);
    equal(isIterated([1], { serializers: ["msgpack"] }), true);
    equal(isIterated([1], { serializers: ["pickle", "msgpack"] }), false);
    equal(isIterated({ a: 1 }, { serializers: ["msgpack"] }), false);
    const map = new Map([[new Map(), bytes(1)]]);
    equal(isIterated(map), true, "a Map is a key that msgpack can hold");
    equal(isIterated(new Map([[new Set(), bytes(1)]])), false);
  });

  test("a list within itself is one pickle", () => {
    const list: unknown[] = [];
    list.push(list);
    const read = copy(list) as unknown[];
    equal(read[0], read);
  });

  test("values come back as what they are", () => {
    const values = [
      [bytes(1), "a", null],
      PyTuple.of<unknown>(bytes(1), 2.5),
      new Set([1, "a"]),
      { x: bytes(1, 2), y: [1] },
      new Map<unknown, unknown>([[1, bytes(1)], ["1", bytes(2)]]),
      new PyByteArray([1, 2]),
      new PyMemoryView(bytes(1, 0, 2, 0), "H", [2]),
      new PyArray("q", new BigInt64Array([1n, -1n])),
      new ArrowStream(bytes(1), "RecordBatch"),
      "text",
      10n ** 30n,
    ];
    for (const layout of ["nested", "flat", "dual"] as const) {
      for (const iterateCollection of [undefined, true, false]) {
        for (const value of values) {
          deepEqual(copy(value, { layout, iterateCollection }), value);
        }
      }
    }
  });

  test("what was handed in is not changed, and what can be is shared", () => {
    const inner = serialize(bytes(1, 2));
    const given = Object.freeze({
      x: new Serialized(Object.freeze(inner.header), inner.frames),
    });
    const { header, frames } = serialize(given, { iterateCollection: true });
    equal(frames[0], inner.frames[0]);
    equal("key" in inner.header, false);
    deepEqual(deserialize(header, frames), deserialize(header, frames));
  });

  test("one bad item is an error of its own", () => {
    const { header, frames } = serialize([bytes(1), () => 1]);
    throws(() => deserialize(header, frames), RemoteError);
    const [good, bad] = header["sub-headers"] as { serializer: string }[];
    deepEqual([good!.serializer, bad!.serializer], ["dask", "error"]);
    throws(() => serialize(() => 1, { onError: "raise" }), SerializeError);
    throws(
      () => serialize(1, { serializers: [], onError: "raise" }),
      SerializeError,
    );
    const { frames: [text] } = serialize(1, { serializers: [] });
    equal(
      new TextDecoder().decode(text),
      "Could not serialize object of type number",
    );
  });

  test("families are tried in order, and checked on reading", () => {
    const registry = new DaskRegistry(defaultDaskRegistry);
    let tried = 0;
    registerSerializationFamily("none", () => void tried++, () => null, {
      registry,
    });
    const options = { registry, serializers: ["none", "msgpack"] };
    const { header, frames } = serialize("x", options);
    deepEqual([header, tried], [{ serializer: "msgpack" }, 1]);
    throws(
      () => deserialize(header, frames, { deserializers: ["dask"] }),
      UnknownNameError,
    );
    throws(() => serialize(1, { serializers: ["yaml"] }), UnknownNameError);
    throws(() => deserialize({}, []), UnknownNameError);
  });

  test("classes of one's own, and those derived from them", () => {
    class Base {
      constructor(readonly n: number) {}
    }
    class Derived extends Base {}
    const registry = new DaskRegistry(defaultDaskRegistry);
    registerSerialization(
      Base,
      "m.Base",
      ({ n }) => ({ header: { n }, frames: [] }),
      ({ n }) => new Base(n as number),
      { registry },
    );
    const { header, frames } = serialize(new Derived(3), { registry });
    deepEqual(deserialize(header, frames, { registry }), new Base(3));
    // Elsewhere it is passed on as it is, or refused.
    const unknown = deserialize(header, frames) as Serialized;
    equal(unknown.header, header);
    throws(
      () => deserialize(header, frames, { unknown: "refuse" }),
      UnknownNameError,
    );
    throws(
      () => registerSerialization("m.Base" as never, "m.Base", null!, null!),
      TypeError,
    );
  });

  test("generic values, with dicts and arrays in them", () => {
    const registry = new DaskRegistry(defaultDaskRegistry);
    registerGeneric(undefined, "m.Bag", { registry });
    const state = {
      i: 1,
      e: {},
      a: new Float64Array(2),
      d: { k: bytes(1), n: 1 },
      o: new PyObject("m", "Other", { state: { x: 1 } }),
    };
    const bag = new PyObject("m", "Bag", { state, bare: true });
    for (const layout of ["nested", "flat", "dual"] as const) {
      const { header, frames } = serialize(bag, { registry, layout });
      const read = deserialize(header, frames) as PyObject;
      deepEqual([read.module, read.name], ["m", "Bag"]);
      deepEqual(read.get("d"), state.d);
      deepEqual(read.get("i"), 1);
      deepEqual((read.get("a") as NdArray).shape, [2]);
      equal((read.get("o") as PyObject).name, "Other");
    }
  });
});

describe("arrays", () => {
  const header = (more: object) => ({
    serializer: "dask",
    type: "numpy.ndarray",
    "sub-header": {
      dtype: [0, "<i2"],
      shape: [2],
      strides: [2],
      writeable: [true],
      ...more,
    },
  });

  test("order, broadcasts and flags are kept", () => {
    const data = new Uint8Array(new Int16Array([1, 2, 3, 4, 5, 6]).buffer);
    const dtype = DType.of("<i2");
    const columns = new NdArray({ data, dtype, shape: [2, 3], order: "F" });
    const read = copy(columns) as NdArray;
    deepEqual([read.order, read.toNested()], ["F", columns.toNested()]);
    equal((read.data as Uint8Array).buffer, data.buffer);

    const repeated = new NdArray({
      data,
      dtype,
      shape: [4, 3],
      strides: [0, 2],
      writeable: false,
    });
    const { header: written, frames } = serialize(repeated);
    equal(frames[0]!.length, 6);
    const again = deserialize(written, frames) as NdArray;
    deepEqual([again.writeable, again.toNested()], [
      false,
      repeated.toNested(),
    ]);

    const gaps = new NdArray({ data, dtype, shape: [3], strides: [4] });
    deepEqual((copy(gaps) as NdArray).toArray(), [1, 3, 5]);
  });

  test("what does not fit is refused", () => {
    const wrong = [
      { shape: [3] },
      { shape: [-1] },
      { shape: [1.5] },
      { shape: "2" },
      { shape: [2 ** 40, 2 ** 40] },
      { strides: [-2] },
      { strides: [2, 2] },
      { strides: [2 ** 52] },
      { broadcast_to: [5] },
      { dtype: [0, [["a", "<i4"]]] },
      { dtype: [0, "q9"] },
      { dtype: [1, bytes(0x80, 4, 0x4e, 0x2e)] },
      { dtype: "<i2" },
    ];
    for (const more of wrong) {
      throws(
        () => deserialize(header(more), [bytes(1, 0, 2, 0)]),
        FormatError,
        JSON.stringify(more),
      );
    }
    deepEqual(
      (deserialize(header({}), [bytes(1, 0), bytes(2, 0)]) as NdArray)
        .toArray(),
      [1, 2],
    );
  });

  test("collections that do not fit are refused", () => {
    const of = (more: object) => ({
      "is-collection": true,
      "type-serialized": "list",
      "sub-headers": [{ serializer: "msgpack" }],
      "frame-lengths": [1],
      ...more,
    });
    deepEqual(deserialize(of({}), [bytes(5)]), [5]);
    throws(
      () => deserialize(of({ "frame-lengths": [2] }), [bytes(5)]),
      FormatError,
    );
    throws(
      () => deserialize(of({ "frame-lengths": [] }), [bytes(5)]),
      FormatError,
    );
    throws(
      () => deserialize(of({ "sub-headers": 1 }), [bytes(5)]),
      FormatError,
    );
    throws(
      () => deserialize(of({ "type-serialized": "deque" }), [bytes(5)]),
      UnknownNameError,
    );
    let deep: object = { serializer: "msgpack" };
    for (let i = 0; i < 10_000; i++) deep = of({ "sub-headers": [deep] });
    throws(() => deserialize(deep as never, [bytes(5)]), RangeError);
  });
});

describe("pieces and compression", () => {
  test("frames are cut between items", () => {
    const lengths = (size: number, item?: number) =>
      frameSplitSize(new Uint8Array(10), size, item).map(({ length }) =>
        length
      );
    deepEqual(lengths(10), [10]);
    deepEqual(lengths(4), [4, 4, 2]);
    deepEqual(lengths(5, 4), [4, 4, 2]);
    throws(() => lengths(3, 4), RangeError);
  });

  test("payloads are compressed if that pays", () => {
    const zeros = new Uint8Array(200_000);
    const noise = new Uint8Array(200_000);
    for (let i = 0, x = 1; i < noise.length; i++) {
      x = Math.imul(x, 1664525) + 1013904223 | 0;
      noise[i] = x >>> 24;
    }
    for (const name of ["zlib", "lz4", "snappy", "zstd"]) {
      const options = { compression: name };
      const [used, packed] = maybeCompress(zeros, options);
      equal(used, name);
      ok(packed.length < 20_000);
      const { decompress } = defaultDaskRegistry.compression(name);
      deepEqual(decompress(packed, 200_000), zeros);
      throws(() => decompress(packed, 199_999), RangeError, name);
      // Short results in silence would be the worst of it.
      for (let cut = 1; cut < packed.length; cut = cut * 1.3 + 1 | 0) {
        const less = packed.subarray(0, -cut);
        throws(() => decompress(less, 200_000), FormatError, `${name} ${cut}`);
      }
      deepEqual(maybeCompress(noise, options), [null, noise]);
      const short = zeros.subarray(0, 9_999);
      deepEqual(maybeCompress(short, options), [null, short]);
    }
    equal(maybeCompress(zeros, { compression: "auto" })[0], "lz4");
    equal(maybeCompress(zeros)[0], null);
    throws(
      () => maybeCompress(zeros, { compression: "rar" }),
      UnknownNameError,
    );
  });
});

describe("small pickles", () => {
  const shared = { x: 1 };
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const values: object[] = [
    { id: 1, name: "item", value: 0.5, tags: ["a", "b"], ok: true },
    [1],
    [null],
    {},
    [],
    [[], {}],
    { a: "a", b: { a: "b" } },
    ["", "x", "", "x"],
    [-0, 0, -1, 255, 256, 65535, 65536, -129, 2 ** 31 - 1, -(2 ** 31)],
    [2 ** 31, 2 ** 32, 2 ** 39 - 1, 2 ** 39, 2 ** 53 - 1, -(2 ** 31) - 1],
    [-(2 ** 39), -(2 ** 39) - 1, -(2 ** 53) + 1, 2 ** 53, 1e300, NaN],
    { at: 1_700_000_000_000, "10": 1, "2": 2 },
    [shared, shared],
    ["ä", "x".repeat(65), "x".repeat(300)],
    [10n, new Set([1]), new Map([[1, 2]])],
    [new Date(0), new Float64Array(2)],
    Array.from({ length: 300 }, (_, i) => `${i}`),
    Array.from({ length: 1001 }, () => 1),
    Array.from({ length: 100 }, (_, i) => "y".repeat(60) + i),
    Array.from({ length: 40 }, () => []),
    JSON.parse("[".repeat(20) + "]".repeat(20)),
    cycle,
    Object.create(null),
    JSON.parse('{"__proto__": 1, "b": 2}'),
  ];

  test("are what others are, byte for byte", () => {
    for (const protocol of [4, 5] as const) {
      const small = new SmallPickles();
      for (const value of [...values, ...values]) {
        const own = small.dump(value, protocol);
        if (own) deepEqual(own, dumpPickle(value, { protocol }));
      }
      deepEqual(
        values.filter((value) => small.dump(value, protocol)).length,
        11,
      );
    }
  });

  test("values that others write fail as they do", () => {
    const symbol = { [Symbol("a")]: 1 };
    for (const bad of [symbol, [undefined], ["\ud800"], [() => 1]]) {
      equal(new SmallPickles().dump(bad, 5), undefined);
    }
  });

  test("texts that come to the same place are told apart", () => {
    // By the sum that places them, all are one.
    const texts = ["AaAa", "AaBB", "BBAa", "BBBB", "AaAa", "BBBB"];
    const own = new SmallPickles().dump(texts, 5)!;
    deepEqual(own, dumpPickle(texts, { protocol: 5 }));
  });

  test("what all objects inherit is not written", () => {
    const all = Object.prototype as Record<string, unknown>;
    all.inherited = 1;
    try {
      equal(new SmallPickles().dump({ a: 1 }, 5), undefined);
      const { frames } = serialize([{ a: 1 }], { iterateCollection: true });
      deepEqual(frames[0], dumpPickle({ a: 1 }, { protocol: 5 }));
    } finally {
      delete all.inherited;
    }
  });

  test("a later one does not have what one before kept", () => {
    const list = serialize([["salt", "salt"], ["salt", "salt"]], {
      iterateCollection: true,
    });
    const [first, second] = list.frames.map((frame) => frame.slice());
    // In place of the text and its number, the number alone.
    const at = second!.indexOf(0x8c);
    second!.set([0x68, 0x01, 0x68, 0x01, 0x65, 0x2e], at);
    second![3] = at + 6 - 11;
    const both = new Uint8Array([...first!, ...second!.subarray(0, at + 6)]);
    const frames = [
      both.subarray(0, first!.length),
      both.subarray(first!.length),
    ];
    throws(() => deserialize(list.header, frames), {
      name: "FormatError",
      message: /the memo has no 1/,
    });
  });

  test("many are written, and read", () => {
    const many = Array.from({ length: 3_000 }, (_, i) => ({
      i,
      text: `text ${i}`,
      more: i % 7 === 0 ? "ö" : ["x", i / 7],
    }));
    const { header, frames } = serialize(many, { iterateCollection: true });
    deepEqual(deserialize(header, frames), many);
    frames.forEach((frame, i) => {
      deepEqual(frame, dumpPickle(many[i], { protocol: 5 }));
    });
  });
});
