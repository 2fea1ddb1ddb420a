import { PySingleton } from "../pickle/values/builtin.ts";
import type { Bytes, Message } from "../types.ts";

/** What Dask notes down about a value: a map that msgpack can hold. */
export type DaskHeader = Readonly<Record<string, unknown>>;

/**
 * A value that is to be serialized within a message: in a message of `dumps`, all else is written as msgpack.
 *
 * @typeParam T The type of the value.
 *
 * @example
 * ```ts
 * import { dumps, loads, Serialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const frames = dumps({ op: "put", data: new Serialize(new Map([[1, 2]])) });
 * deepEqual(loads(frames), { op: "put", data: new Map([[1, 2]]) });
 * ```
 */
export class Serialize<T = unknown> {
  /** The value. */
  readonly data: T;

  /**
   * Marks a value.
   *
   * @param data The value.
   */
  constructor(data: T) {
    this.data = data;
  }
}

/**
 * Marks a value as one to be serialized within a message.
 *
 * @typeParam T The type of the value.
 * @param data The value; what is marked already is given back.
 * @returns The mark.
 *
 * @example
 * ```ts
 * import { toSerialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(toSerialize([1, 2]).data, [1, 2]);
 * ```
 */
export function toSerialize<T>(data: T | Serialize<T>): Serialize<T> {
  return data instanceof Serialize ? data : new Serialize(data);
}

/**
 * A value that is serialized: what is passed on without being looked into.
 *
 * @example
 * ```ts
 * import { deserialize, serialize, Serialized } from "@brine/brine/dask";
 * import { equal } from "node:assert/strict";
 *
 * const { header, frames } = serialize("salt");
 * const value = new Serialized(header, frames);
 * equal(serialize(value).header, header);
 * equal(value.deserialize(deserialize), "salt");
 * ```
 */
export class Serialized implements Message {
  /** What was noted down about the value. */
  readonly header: DaskHeader;
  /** Its bytes. */
  readonly frames: readonly Bytes[];

  /**
   * Makes one of its parts.
   *
   * @param header What was noted down about the value.
   * @param frames Its bytes.
   */
  constructor(header: DaskHeader, frames: readonly Bytes[]) {
    this.header = header;
    this.frames = frames;
  }

  /**
   * The value.
   *
   * @typeParam T What the function gives.
   * @param read A function such as `deserialize`.
   * @returns What it gives.
   */
  deserialize<T>(
    read: (header: DaskHeader, frames: readonly Bytes[]) => T,
  ): T {
    return read(this.header, this.frames);
  }
}

/**
 * A value that the receiver of a message unpickles at once, even one that passes all others on. Dask reads it since 2022.4.
 *
 * @typeParam T The type of the value.
 *
 * @example
 * ```ts
 * import { dumps, loads, ToPickle } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const frames = dumps({ x: new ToPickle(new Set([1])) });
 * deepEqual(loads(frames, { deserialize: false }), { x: new Set([1]) });
 * ```
 */
export class ToPickle<T = unknown> {
  /** The value. */
  readonly data: T;

  /**
   * Marks a value.
   *
   * @param data The value.
   */
  constructor(data: T) {
    this.data = data;
  }
}

/**
 * A Python `memoryview`: bytes, and what they are.
 *
 * @example
 * ```ts
 * import { deserialize, PyMemoryView, serialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const view = new PyMemoryView(new Uint8Array([1, 0, 2, 0]), "H", [2]);
 * const { header, frames } = serialize(view);
 * deepEqual(deserialize(header, frames), view);
 * ```
 */
export class PyMemoryView {
  /** The bytes, the last axis first. */
  readonly bytes: Bytes;
  /** The items, as Python's `struct` names them. */
  readonly format: string;
  /** The length along each axis. */
  readonly shape: readonly number[];

  /**
   * Makes one of its parts.
   *
   * @param bytes The bytes; kept, not copied.
   * @param format The items, as Python's `struct` names them.
   * @param shape The length along each axis; by default one axis of bytes.
   */
  constructor(
    bytes: Bytes,
    format = "B",
    shape: readonly number[] = [bytes.length],
  ) {
    this.bytes = bytes;
    this.format = format;
    this.shape = shape;
  }
}

/** As much of `apache-arrow` as {@linkcode ArrowStream.toArrow} needs. */
export interface ArrowReader<T = unknown> {
  /** Makes a table of a stream. */
  tableFromIPC(bytes: Uint8Array): T;
}

/**
 * A table of Apache Arrow as the bytes of its IPC stream, which is how Dask sends `pyarrow`'s tables and record batches.
 *
 * @example
 * ```ts
 * import { ArrowStream, deserialize, serialize } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * const stream = new ArrowStream(new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0]));
 * const { header, frames } = serialize(stream);
 * deepEqual(deserialize(header, frames), stream);
 * ```
 */
export class ArrowStream {
  /** The bytes of the stream. */
  readonly bytes: Bytes;
  /** What it becomes in Python. */
  readonly type: "Table" | "RecordBatch";

  /**
   * Makes one of its parts.
   *
   * @param bytes The bytes of the stream; kept, not copied.
   * @param type What it becomes in Python.
   */
  constructor(bytes: Bytes, type: "Table" | "RecordBatch" = "Table") {
    this.bytes = bytes;
    this.type = type;
  }

  /**
   * The table.
   *
   * @typeParam T The class of its tables.
   * @param arrow The module `apache-arrow`, which is not part of this library.
   * @returns The table.
   */
  toArrow<T>(arrow: ArrowReader<T>): T {
    return arrow.tableFromIPC(this.bytes);
  }
}

/** The class of it, by which it is told from Python's other single values. */
export class MaskedConstant extends PySingleton {
  constructor() {
    super("numpy.ma.core", "masked");
  }
}

/**
 * numpy's `masked`: what stands in a masked array where nothing is.
 *
 * @example
 * ```ts
 * import { deserialize, MASKED, serialize } from "@brine/brine/dask";
 * import { equal } from "node:assert/strict";
 *
 * const { header, frames } = serialize(MASKED);
 * equal(deserialize(header, frames), MASKED);
 * ```
 */
export const MASKED: PySingleton = new MaskedConstant();
