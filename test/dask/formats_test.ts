import { describe, test } from "bun:test";
import {
  deepEqual,
  equal,
  match,
  ok,
  rejects,
  throws,
} from "node:assert/strict";
import {
  type Bytes,
  detectBytes,
  detectName,
  dumps,
  formatOf,
  gzip,
  LimitError,
  loads,
  ndjson,
  npy,
  npz,
  plainBatches,
  SerializeError,
} from "../../mod.ts";
import {
  daskValueBatches,
  daskValues,
  deserializeBytes,
  ndArrayOf,
  plainValue,
  readNpy,
  readNpz,
  serializeBytes,
  writeNpy,
  writeNpz,
} from "../../streams/dask/mod.ts";
import {
  DType,
  NdArray,
  NpScalar,
  PyFloat,
  PyInt,
  PyTuple,
} from "../../src/pickle/mod.ts";
import { dumps as pickled } from "../../src/pickle/mod.ts";
import { createApp } from "../../src/server/mod.ts";
import { run, runtimes } from "../cli/_run.ts";

const matrix = ndArrayOf([[1, 2, 3], [4, 5, 6.5]]);

async function plainOf(bytes: Bytes, format: string, lossy = false) {
  const values: unknown[] = [];
  const stream = new Blob([bytes]).stream() as ReadableStream<Bytes>;
  const batches = stream
    .pipeThrough(formatOf(format).batches().decoder())
    .pipeThrough(plainBatches({ lossy }));
  for await (const batch of batches) values.push(...batch);
  return values;
}

describe("formats of Python", () => {
  const files: [string, Bytes][] = [
    ["dask", serializeBytes(matrix)],
    ["dask", serializeBytes({ a: 1 })],
    ["dask", serializeBytes([new Float64Array(9), "a"])],
    [
      "dask",
      serializeBytes(Array.from({ length: 99 }, () => new Int8Array(1))),
    ],
    ["dask", serializeBytes(new Uint8Array(20_000), { compression: "zstd" })],
    ["npy", writeNpy(matrix)],
    ["npz", writeNpz({ matrix })],
    ["npz", writeNpz({})],
    ...([2, 3, 4, 5] as const).map((protocol): [string, Bytes] => {
      return ["pickle", pickled({ a: [1, 2], b: 0 }, { protocol })];
    }),
    ["pickle", pickled(null)],
  ];

  test("are told by their first bytes, and by their names", async () => {
    for (const [name, bytes] of files) {
      equal(detectBytes(bytes.subarray(0, 64)).format?.name, name);
      equal(detectName(`x.${name}`).format?.name, name);
      // What is not theirs is not taken for it.
      const other = bytes.slice();
      other[1] = 0;
      other[4] = 1;
      equal(detectBytes(other.subarray(0, 64)).format, undefined);
    }
    for (const value of [1, "a", { a: 1 }]) {
      equal(detectBytes(await dumps(value)).format?.name, "brine");
    }
    equal(detectBytes(new Uint8Array(64)).format, undefined);
    equal(detectBytes(await dumps(5n, daskValues())).format?.name, "dask");
    const packed = await dumps(matrix, npy());
    equal(detectBytes(await dumps(packed, gzip())).codec?.name, "gzip");
  });

  test("arrays and tuples become lists, and keep their values", async () => {
    const rows = [[1, 2, 3], [4, 5, 6.5]];
    deepEqual(await plainOf(writeNpy(matrix), "npy"), [rows]);
    deepEqual(await plainOf(writeNpz({ matrix }), "npz"), [{ matrix: rows }]);
    const value = {
      t: PyTuple.of<unknown>(1, new PyFloat(2)),
      i: new PyInt(3n),
      m: new Map<string, unknown>([["x", matrix]]),
      o: ndArrayOf("text"),
    };
    deepEqual(plainValue(value), {
      t: [1, 2],
      i: 3,
      m: { x: rows },
      o: "text",
    });
    deepEqual(
      plainValue(new Map<unknown, unknown>([[1, matrix]])),
      new Map([[1, rows]]),
    );
    const half = new NpScalar(DType.of("<f2"), new Uint8Array([0, 0x3c]));
    equal(plainValue(half), 1);
    const line = new Int16Array([1, 2]);
    deepEqual(plainValue(ndArrayOf(line), { arrays: "typed" }), line);
    const times = new NdArray({
      data: new Uint8Array(8),
      dtype: DType.of("<M8[s]"),
      shape: [1],
    });
    equal(plainValue(times), times);
    await rejects(dumps(plainValue(times), ndjson()), SerializeError);
    const cycle: unknown[] = [];
    cycle.push(cycle);
    throws(() => plainValue(cycle), LimitError);
  });

  test("lists become the arrays that numpy makes of them", () => {
    const kinds: [unknown, string, number[]][] = [
      [1, "<i8", []],
      [[1, 2], "<i8", [2]],
      [[1, 2.5], "<f8", [2]],
      [[-0], "<f8", [1]],
      [[], "<f8", [0]],
      [[[], []], "<f8", [2, 0]],
      [[true, false], "|b1", [2]],
      [["a", "é😀"], "<U2", [2]],
      [[2n ** 63n], "<u8", [1]],
      [[-(2n ** 63n)], "<i8", [1]],
      [new Uint8Array(3), "|u1", [3]],
    ];
    for (const [value, dtype, shape] of kinds) {
      const array = ndArrayOf(value);
      deepEqual([array.dtype.str, array.shape], [dtype, shape]);
      if (Array.isArray(value)) deepEqual(readNpy(writeNpy(array)), array);
    }
    deepEqual(ndArrayOf(["a", "é😀"]).toArray(), ["a", "é😀"]);
    const bad = [
      [[1], [2, 3]],
      [1, [2]],
      [1, "a"],
      [null],
      [{}],
      [2n ** 64n],
      [2n ** 63n, -1],
      [new Array(2), [1, 2]],
    ];
    for (const value of bad) throws(() => ndArrayOf(value), SerializeError);
  });

  test("one value that is an array, or all values, are a .npy file", async () => {
    deepEqual(readNpy(await dumps([[1, 2]], npy())).shape, [1, 2]);
    const batches = formatOf("npy").batches();
    deepEqual(readNpy(await dumps([1, 2, 3], batches)).shape, [3]);
    deepEqual(readNpy(await dumps([[1, 2], [3, 4]], batches)).shape, [2, 2]);
    const file = await dumps({ x: [1], y: new Float32Array(2) }, npz());
    deepEqual([...readNpz(file).keys()], ["x", "y"]);
    for (const bad of [[1], 5, null, new Map([[1, [2]]])]) {
      await rejects(dumps(bad, npz()), SerializeError);
    }
    await rejects(dumps([{ x: [1] }, { x: [2] }], formatOf("npz").batches()));
  });

  test("limits hold for what is compressed", async () => {
    const bomb = new Uint8Array(50_000);
    for (const compression of ["lz4", "zstd", "zlib", "snappy"]) {
      const dump = { compression };
      const blob = await dumps([bomb, bomb], daskValueBatches({ dump }));
      const read = (maxDecodedBytes: number) =>
        loads(blob, daskValueBatches({ maxDecodedBytes }));
      await rejects(read(99_999), LimitError, compression);
    }
    const file = writeNpz({ a: bomb, b: bomb }, { compress: true });
    throws(() => readNpz(file, { maxDecodedBytes: 100_000 }), LimitError);
    await rejects(loads(writeNpy(bomb), npy({ maxMessageBytes: 50_000 })));
  });
});

describe("the server", () => {
  const app = createApp({ maxDecodedBytes: 40_000 });
  const post = (path: string, body: Bytes) =>
    app.request(path, { method: "POST", body });

  test("converts them", async () => {
    const blob = serializeBytes({ m: matrix });
    const json = await post("/convert?from=dask&to=json", blob);
    deepEqual(await json.json(), { m: [[1, 2, 3], [4, 5, 6.5]] });
    const body = new TextEncoder().encode("[[1,2],[3,4]]");
    const file = await post("/convert?from=json&to=npy", body);
    equal(file.headers.get("content-type"), "application/vnd.numpy");
    deepEqual(readNpy(await file.bytes() as Bytes).shape, [2, 2]);
    const values = await post("/convert?from=json&to=dask", body);
    deepEqual(deserializeBytes(await values.bytes() as Bytes), [[1, 2], [
      3,
      4,
    ]]);
  });

  test("shows how blobs are built, and stops bombs", async () => {
    const zeros = new Uint8Array(50_000);
    const blob = serializeBytes(zeros, { compression: "lz4" });
    const shown = await (await post("/inspect?from=dask", blob)).text();
    const [first, last] = shown.trim().split("\n").map((line) =>
      JSON.parse(line)
    );
    equal(first.family, "dask");
    equal(first.byteLength, blob.length);
    equal(first.frames[0].codec, "lz4");
    deepEqual(last.total.messages, 1);
    equal((await post("/convert?from=dask&to=brine", blob)).status, 413);
    equal((await post("/verify?from=dask", blob)).status, 413);
  });
});

for (const runtime of runtimes) {
  describe(`cli on ${runtime.name}`, () => {
    test("inspects and converts blobs of Dask, and files of numpy", async () => {
      const blob = serializeBytes(matrix);
      const shown = await run(runtime, ["inspect", "-"], { stdin: blob });
      match(shown.stdout, / dask numpy\.ndarray +1 +1 +none /);
      const both = new Uint8Array([...blob, ...serializeBytes(["a"])]);
      const json = await run(runtime, ["inspect", "-", "--json"], {
        stdin: both,
      });
      deepEqual(
        JSON.parse(json.stdout).messages.map(({ family }: { family: string }) =>
          family
        ),
        ["dask numpy.ndarray", "pickle"],
      );
      const lines = await run(runtime, ["convert", "-", "-", "-t", "ndjson"], {
        stdin: both,
      });
      equal(lines.stdout, '[[1,2,3],[4,5,6.5]]\n["a"]\n');
      const file = await run(runtime, ["convert", "-", "-", "-t", "npy"], {
        stdin: blob,
      });
      deepEqual(readNpy(file.bytes), readNpy(writeNpy(matrix)));
      const back = await run(runtime, ["convert", "-", "-", "-t", "dask"], {
        stdin: file.bytes,
      });
      deepEqual(
        (deserializeBytes(back.bytes) as NdArray).toNested(),
        matrix.toNested(),
      );
      const cut = await run(runtime, ["verify", "-"], {
        stdin: blob.subarray(0, -1),
      });
      ok(cut.code! > 0);
    });
  });
}
