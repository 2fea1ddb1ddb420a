import { describe, test } from "bun:test";
import { deepEqual, equal, throws } from "node:assert/strict";
import {
  readNpy,
  readNpz,
  writeNpy,
  writeNpz,
} from "../../streams/dask/mod.ts";
import { FormatError, LimitError, TruncatedError } from "../../src/errors.ts";
import { DType, NdArray, PyTuple } from "../../src/pickle/mod.ts";

/** What `numpy.save` writes, but for the spaces that fill up its header. */
function npy(header: string, data: readonly number[], version = 1) {
  const length = version === 1 ? 118 : 116;
  const text = header.padEnd(length - 1) + "\n";
  const sizes = version === 1 ? [length, 0] : [length, 0, 0, 0];
  return new Uint8Array([
    ...[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0],
    ...sizes,
    ...new TextEncoder().encode(text),
    ...data,
  ]);
}

describe("npy", () => {
  test("arrays are what numpy writes, byte for byte", () => {
    const bytes = new Uint8Array([1, 0, 2, 0, 3, 0, 4, 0]);
    const array = new NdArray({
      data: bytes,
      dtype: DType.of("<i2"),
      shape: [2, 2],
      order: "F",
    });
    const header = "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 2), }";
    deepEqual(writeNpy(array), npy(header, [...bytes]));
    deepEqual(readNpy(writeNpy(array)).toNested(), [[1, 3], [2, 4]]);
  });

  test("arrays are views of the file", () => {
    const file = writeNpy(new Float64Array([1, 2]));
    const array = readNpy(file);
    equal((array.data as Uint8Array).buffer, file.buffer);
    equal(array.toTypedArray().buffer, file.buffer);
  });

  test("structured types come back, with gaps, titles and arrays in them", () => {
    const header =
      "{'descr': [(('A title', 'a'), '|u1'), ('', '|V3'), ('b', '<i2', (2,))], 'fortran_order': False, 'shape': (1,), }";
    const file = npy(header, [7, 0, 0, 0, 1, 0, 2, 0]);
    const array = readNpy(file);
    deepEqual(array.toArray(), [PyTuple.of<unknown>(7, [1, 2])]);
    equal(array.dtype.fields!.get("a")!.title, "A title");
    deepEqual(readNpy(writeNpy(array)), array);
  });

  test("headers of Python 2 and of version 2 and 3 are read", () => {
    const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2L,), }";
    for (const version of [1, 2, 3]) {
      deepEqual(readNpy(npy(header, [5, 6], version)).toArray(), [5, 6]);
    }
  });

  test("names of fields are Latin-1, or else UTF-8, as numpy has it", () => {
    for (const [name, version] of [["é", 1], ["ł", 3]] as const) {
      const fields = new Map([[name, { dtype: DType.of("u1"), offset: 0 }]]);
      const dtype = new DType({ kind: "V", itemsize: 1, fields });
      const data = new Uint8Array([7]);
      const file = writeNpy(new NdArray({ data, dtype, shape: [1] }));
      equal(file[6], version);
      deepEqual([...readNpy(file).dtype.fields!.keys()], [name]);
    }
  });

  test("members of a .npz file that are in one place are refused", () => {
    const file = writeNpz({ a: new Uint8Array(9_000), b: new Uint8Array(1) });
    const view = new DataView(file.buffer);
    const directory = view.getUint32(file.length - 22 + 16, true);
    // The size of the second is what the first has.
    const second = directory + 46 + "a.npy".length;
    view.setUint32(second + 20, view.getUint32(directory + 20, true), true);
    throws(() => readNpz(file), FormatError);
  });

  test("objects are read as data, or refused", () => {
    const data = ["a", null, 1];
    const array = new NdArray({ data, dtype: DType.of("O"), shape: [3] });
    const file = writeNpy(array);
    deepEqual(readNpy(file).toArray(), data);
    throws(() => readNpy(file, { pickle: false }), FormatError);
  });

  test("what is cut or wrong is an error", () => {
    const file = writeNpy(new Int32Array([1, 2, 3]));
    for (let length = 0; length < file.length; length++) {
      throws(() => readNpy(file.subarray(0, length)), TruncatedError);
    }
    throws(() => readNpy(new Uint8Array(200)), FormatError);
    const shapes = ["(-1,)", "(1.5,)", "(9007199254740991, 9)", "('x',)"];
    for (const shape of shapes) {
      const header =
        `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}}`;
      throws(() => readNpy(npy(header, [])), FormatError);
    }
    throws(() => readNpy(npy("__import__('os')", [])), FormatError);
    throws(() => readNpy(npy("[".repeat(100), [])), FormatError);
  });
});

describe("npz", () => {
  const arrays = { x: new Int16Array([1, -2]), "ä/y": new Float64Array(1000) };

  test("arrays come back, compressed or not", () => {
    for (const compress of [false, true]) {
      const file = writeNpz(arrays, { compress });
      equal(file.length < 2_000, compress);
      const read = readNpz(file);
      deepEqual([...read.keys()], Object.keys(arrays));
      deepEqual(read.get("x")!.toTypedArray(), arrays.x);
      deepEqual(read.get("ä/y")!.toTypedArray(), arrays["ä/y"]);
    }
  });

  test("damage is found, and limits hold", () => {
    const file = writeNpz(arrays);
    const damaged = file.slice();
    damaged[170]! ^= 1;
    throws(() => readNpz(damaged), FormatError);
    throws(() => readNpz(file.subarray(0, -30)), FormatError);
    throws(() => readNpz(new Uint8Array(10)), FormatError);
    throws(() => readNpz(file, { maxArrayBytes: 100 }), LimitError);
    equal(readNpz(writeNpz({})).size, 0);
  });
});
