import { FormatError, UnknownNameError } from "../errors.ts";
import { PyEnum } from "../pickle/values/object.ts";
import { told } from "../told.ts";
import type { Bytes } from "../types.ts";
import { type Budget, decompressAll, type Group } from "./_decompress.ts";
import { forReading, readExactly } from "./_exact.ts";
import { countOf, listOf, mapOf } from "./_header.ts";
import { unpack } from "./_unpacker.ts";
import { type DeserializeOptions, Deserializer } from "./deserialize.ts";
import { groupsOf, mergeFrames } from "./split.ts";
import { type DaskHeader, Serialized } from "./values.ts";

/** Options for {@linkcode loads}. */
export interface MessageLoadOptions extends DeserializeOptions {
  /** Whether values that were marked are deserialized; else they come as {@linkcode Serialized}. @default {true} */
  readonly deserialize?: boolean | undefined;
}

const STAGE = "dask";
/** The top names of modules whose enums Dask's scheduler imports. */
const ALLOWED = ["dask", "distributed"];

/**
 * The message of frames that `distributed.core.dumps`, or {@linkcode dumps}, made, in any version.
 *
 * @param frames The frames.
 * @param options What is accepted, and what values become.
 * @returns The message.
 * @throws {FormatError} If it is no such message.
 * @throws {RemoteError} If it holds a value that the other side could not serialize.
 *
 * @example Values that are passed on unseen
 * ```ts
 * import { dumps, loads, Serialized, toSerialize } from "@brine/brine/dask";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const frames = dumps({ data: toSerialize(new Float64Array(4)) });
 * const message = loads(frames, { deserialize: false }) as { data: Serialized };
 * equal(message.data instanceof Serialized, true);
 * deepEqual(dumps(message), frames);
 * ```
 */
export function loads(
  frames: readonly Bytes[],
  options: MessageLoadOptions = {},
): unknown {
  const [first] = frames;
  if (!first) throw new FormatError(STAGE, "a message without a frame");
  const { arrays, pickle } = options;
  const reader = new MessageReader(frames, options);
  return unpack(first, {
    arrays,
    floats: pickle?.floats,
    hook: (map) => reader.marked(map),
  });
}

class MessageReader {
  readonly #frames: readonly Bytes[];
  readonly #options: MessageLoadOptions;

  constructor(frames: readonly Bytes[], options: MessageLoadOptions) {
    this.#frames = frames;
    this.#options = options;
  }

  /** What a map stands for, if it is a mark. */
  marked(map: Record<string, unknown>): unknown {
    const { __Serialized__: serialized, __Pickled__: pickled } = map;
    if (Number(serialized) > 0) return this.#serialized(Number(serialized));
    if (Number(pickled) > 0) return this.#pickled(Number(pickled));
    return plainMark(map, this.#options);
  }

  #serialized(at: number): unknown {
    const { header, frames } = this.#part(at);
    if (this.#options.deserialize === false) {
      return new Serialized(header, frames);
    }
    return decompressAndDeserialize(header, frames, this.#options);
  }

  /** Whatever the options are: who sends such a value wants it read at once. */
  #pickled(at: number): unknown {
    const { header, frames } = this.#part(at);
    const pickle = header["pickled-obj"];
    if (!(pickle instanceof Uint8Array)) {
      throw new FormatError(STAGE, "a pickled value without its pickle");
    }
    const buffers = decompressed(header, frames, [], this.#options);
    const deserializer = new Deserializer(this.#options);
    return deserializer.unpickle([pickle as Bytes, ...buffers]);
  }

  /** A header, and as many of the frames after it as it says. */
  #part(at: number): Serialized {
    const packed = this.#frames[at];
    if (!packed) throw new FormatError(STAGE, `there is no frame ${told(at)}`);
    const isPassedOn = this.#options.deserialize === false;
    const header = isPassedOn
      ? readExactly(packed, this.#options, readHeader)
      : readHeader(packed, this.#options);
    const count = countOf(header["num-sub-frames"]);
    if (at + 1 + count > this.#frames.length) {
      throw new FormatError(STAGE, "num-sub-frames asks for more frames");
    }
    const frames = this.#frames.slice(at + 1, at + 1 + count);
    return new Serialized(header, frames);
  }
}

/** A header of a frame of its own; marks within it stand for what is in it. */
export function readHeader(
  packed: Bytes,
  options: DeserializeOptions,
): DaskHeader {
  const { arrays, pickle } = options;
  const header = unpack(packed, {
    arrays,
    floats: pickle?.floats,
    mayRepeat,
    hook(map) {
      if (map.__Serialized__ === undefined) return plainMark(map, options);
      const [header, frames] = listOf(map.data, "a marked value");
      return new Serialized(
        mapOf(header, "a header"),
        listOf(frames, "frames") as readonly Bytes[],
      );
    },
  });
  return mapOf(header, "a header");
}

/** Whether nothing of a header becomes a part of the value, so that values may have one header. */
function mayRepeat(header: unknown): boolean {
  const { serializer, type } = header as DaskHeader ?? {};
  return serializer === "pickle" || serializer === "dask" &&
      (type === "numpy.ndarray" || type === "bytes");
}

/** Sets and enums, which stand for themselves. */
function plainMark(
  map: Record<string, unknown>,
  { allowedImports = ALLOWED }: DeserializeOptions,
): unknown {
  if (map.__Enum__ !== undefined) {
    const { name, __module__: module, __name__: type } = map;
    if (
      typeof name !== "string" || typeof module !== "string" ||
      typeof type !== "string"
    ) throw new FormatError(STAGE, "an enum without names");
    const [top] = module.split(".", 1);
    if (!allowedImports.includes(top!)) {
      throw new UnknownNameError("module", module, allowedImports);
    }
    return new PyEnum(module, type, { member: name });
  }
  if (map.__Set__ === undefined) return undefined;
  return new Set(listOf(map["as-list"], "a set's list"));
}

function decompressed(
  header: DaskHeader,
  frames: readonly Bytes[],
  groups: readonly Group[],
  options: DeserializeOptions,
  budget?: Budget,
): readonly Bytes[] {
  const { compression } = header;
  if (compression === undefined || compression === null) return frames;
  const { registry, maxFrameBytes } = new Deserializer(options);
  const names = listOf(compression, "the compression");
  return decompressAll(names, frames, groups, registry, maxFrameBytes, budget);
}

/** The value of a header and frames as they travel: compressed, and cut. */
export function decompressAndDeserialize(
  header: DaskHeader,
  frames: readonly Bytes[],
  options: DeserializeOptions,
  budget?: Budget,
): unknown {
  header = forReading(header, options);
  const groups = groupsOf(header, frames);
  const plain = decompressed(header, frames, groups ?? [], options, budget);
  return new Deserializer(options)
    .deserialize(header, mergeFrames(groups, plain));
}

/**
 * The value of a header and frames that were cut and perhaps compressed, as those of a {@linkcode Serialized} are that came
 * in a message.
 *
 * @param header The header.
 * @param frames The frames.
 * @param options What is accepted, and what values become.
 * @returns The value.
 * @throws {FormatError} If header and frames are not what they say.
 *
 * @example
 * ```ts
 * import { dumps, loads, mergeAndDeserialize, Serialized, toSerialize } from "@brine/brine/dask";
 * import { equal } from "node:assert/strict";
 *
 * const frames = dumps(toSerialize("salt"));
 * const { header, frames: own } = loads(frames, { deserialize: false }) as Serialized;
 * equal(mergeAndDeserialize(header, own), "salt");
 * ```
 */
export function mergeAndDeserialize(
  header: DaskHeader,
  frames: readonly Bytes[],
  options: DeserializeOptions = {},
): unknown {
  return decompressAndDeserialize(header, frames, options);
}
