import { FormatError } from "../../errors.ts";
import { NdArray } from "../../pickle/values/ndarray.ts";
import { PyObject } from "../../pickle/values/object.ts";
import { PyTuple } from "../../pickle/values/sequence.ts";
import type { Bytes } from "../../types.ts";
import { countOf, listOf, mapOf } from "../_header.ts";
import type { DaskRegistry, DeserializeTools } from "../registry.ts";
import type { DaskHeader } from "../values.ts";
import { addGeneric, readGeneric, writeGeneric } from "./generic.ts";

const STAGE = "dask";
const FORMATS = ["bsr", "coo", "csc", "csr", "dia", "lil"];
/** Where `sparse` has its class, in its versions. */
const COO = [
  "sparse.numba_backend._coo.core.COO",
  "sparse._coo.core.COO",
  "sparse.COO",
];

/** The sparse matrices of scipy and of `sparse`, which stay objects of their attributes. */
export function addSparse(registry: DaskRegistry): void {
  // Those that scipy calls arrays go as pickles: its newer versions have no common class for both.
  for (const format of FORMATS) {
    const type = {
      module: `scipy.sparse._${format}`,
      name: `${format}_matrix`,
    };
    addGeneric(registry, undefined, type, "dask");
  }
  addDok(registry);
  for (const full of COO) addCoo(registry, full);
}

/** A dictionary of keys goes as its coordinates. */
function addDok(registry: DaskRegistry): void {
  const module = "scipy.sparse._dok";
  const name = "dok_matrix";
  registry.addType(PyObject, {
    module,
    name,
    serialize(value, tools) {
      const { header, frames } = writeGeneric(
        value.attributes(),
        { module: "scipy.sparse._coo", name: "coo_matrix" },
        tools,
      );
      return { header: { coo_header: header }, frames };
    },
    deserialize(header, frames, tools) {
      const coo = mapOf(header.coo_header, "coo_header");
      const { state } = readGeneric(coo, frames, tools) as PyObject;
      return new PyObject(module, name, { state, bare: true });
    },
  });
}

function addCoo(registry: DaskRegistry, full: string): void {
  const dot = full.lastIndexOf(".");
  const [module, name] = [full.slice(0, dot), full.slice(dot + 1)];
  registry.addType(PyObject, {
    module,
    name,
    serialize(value, tools) {
      const coords = tools.serialize(value.get("coords"));
      const data = tools.serialize(value.get("data"));
      return {
        header: {
          "coords-header": coords.header,
          "data-header": data.header,
          shape: value.get("shape"),
          nframes: [coords.frames.length, data.frames.length],
        },
        frames: [...coords.frames, ...data.frames],
      };
    },
    deserialize: (header, frames, tools) =>
      readCoo(header, frames, tools, module, name),
  });
}

function readCoo(
  header: DaskHeader,
  frames: readonly Bytes[],
  tools: DeserializeTools,
  module: string,
  name: string,
): PyObject {
  const [first, second] = listOf(header.nframes, "nframes").map(countOf);
  const total = (first ?? NaN) + (second ?? NaN);
  if (!(total <= frames.length)) {
    throw new FormatError(STAGE, "nframes asks for more frames");
  }
  const part = (key: string, from: number, to: number) =>
    tools.deserialize(mapOf(header[key], key), frames.slice(from, to));
  const state = {
    coords: part("coords-header", 0, first!),
    data: part("data-header", first!, total),
    shape: PyTuple.from(listOf(header.shape, "a shape")),
  };
  return new PyObject(module, name, { state, bare: true });
}

/** The entries of a sparse matrix. */
export interface SparseEntries {
  /** The length along each axis. */
  readonly shape: readonly number[];
  /** Of each entry, its place along each axis. */
  readonly coords: readonly (readonly number[])[];
  /** The entries. */
  readonly values: readonly unknown[];
}

/**
 * The entries of a sparse matrix of scipy (CSR, CSC, COO, DIA, DOK) or an array of `sparse`.
 *
 * @param matrix What `deserialize` made of it.
 * @returns Shape, places and values; an entry of a diagonal that is 0 is left out.
 * @throws {TypeError} If it is nothing of the kind.
 *
 * @example
 * ```ts
 * import { sparseEntries } from "@brine/brine/dask";
 * import { DType, NdArray, PyObject } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const of = (...bytes: number[]) =>
 *   new NdArray({ data: new Uint8Array(bytes), dtype: DType.of("u1"), shape: [bytes.length] });
 * const state = { _shape: [2, 2], indptr: of(0, 1, 2), indices: of(1, 0), data: of(5, 6) };
 * deepEqual(sparseEntries(new PyObject("scipy.sparse._csr", "csr_matrix", { state })), {
 *   shape: [2, 2],
 *   coords: [[0, 1], [1, 0]],
 *   values: [5, 6],
 * });
 * ```
 */
export function sparseEntries(matrix: PyObject): SparseEntries {
  const list = (name: string) => {
    const value = matrix.get(name);
    return value instanceof NdArray ? value.toArray() as number[] : undefined;
  };
  const shape = [...(matrix.get("_shape") ?? matrix.get("shape")) as number[]];
  const values = list("data");
  const format = matrix.name.slice(0, 3).toLowerCase();
  if (values) {
    const [indptr, indices] = [list("indptr"), list("indices")];
    if (indptr && indices && format !== "bsr") {
      const outer = indptr.slice(1).flatMap((end, i) =>
        new Array<number>(Math.max(0, end - indptr[i]!)).fill(i)
      );
      const coords = outer.map((line, i) =>
        format === "csc" ? [indices[i]!, line] : [line, indices[i]!]
      );
      return { shape, coords, values };
    }
    const places = placesOf(matrix, list);
    if (places) return { shape, coords: places, values };
    const offsets = list("offsets");
    if (offsets) return diagonals(shape, offsets, values);
  }
  throw new TypeError(`There are no entries in ${matrix.name}`);
}

/** Of COO: rows and columns, or one array of all places. */
function placesOf(
  matrix: PyObject,
  list: (name: string) => number[] | undefined,
): number[][] | undefined {
  const coords = matrix.get("coords");
  const lists = coords instanceof NdArray
    ? coords.toNested() as number[][]
    : Array.isArray(coords)
    ? coords.map((axis) => (axis as NdArray).toArray() as number[])
    : [list("row"), list("col")];
  const [first] = lists;
  return first?.map((_, i) => lists.map((axis) => axis![i]!));
}

function diagonals(
  shape: readonly number[],
  offsets: readonly number[],
  data: readonly unknown[],
): SparseEntries {
  const width = offsets.length ? data.length / offsets.length : 0;
  const coords: number[][] = [];
  const values: unknown[] = [];
  offsets.forEach((offset, k) => {
    for (let column = Math.max(0, offset); column < width; column++) {
      const row = column - offset;
      const value = data[k * width + column];
      if (row >= shape[0]! || column >= shape[1]! || value === 0) continue;
      coords.push([row, column]);
      values.push(value);
    }
  });
  return { shape, coords, values };
}
