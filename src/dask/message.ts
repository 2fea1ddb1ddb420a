import { bytesOf } from "../bytes.ts";
import { PyEnum } from "../pickle/values/object.ts";
import type { Bytes } from "../types.ts";
import { pack } from "./_packer.ts";
import { compressIfWorth } from "./compressions.ts";
import { type SerializeOptions, Serializer } from "./serialize.ts";
import { splitFrames } from "./split.ts";
import { type DaskHeader, Serialize, Serialized, ToPickle } from "./values.ts";

/** Options for {@linkcode dumps}. */
export interface MessageDumpOptions extends SerializeOptions {
  /** Bytes that a frame has at most; longer ones are cut. @default 64 MiB */
  readonly frameSplitSize?: number | undefined;
  /** A frame that keeps more than this share of its length is not compressed. @default {0.7} */
  readonly minRatio?: number | undefined;
  /** What becomes of values that msgpack has no form for: a pickle, as Dask does since 2024.1, or an error. @default {"pickle"} */
  readonly fallback?: "pickle" | "refuse" | undefined;
}

/** Keys that mean something else in a message. */
const RESERVED = ["__Serialized__", "__Pickled__", "__Enum__", "__Set__"];

/**
 * A message as frames, as `distributed.core.dumps` makes them: msgpack, with values that were marked in frames of their
 * own. `context.compression` names a compression for these.
 *
 * @param message The message: plain data, byte strings, sets and enums, in which {@linkcode Serialize},
 * {@linkcode Serialized} and {@linkcode ToPickle} mark values.
 * @param options How those are serialized.
 * @returns The frames; the bytes of arrays are not copied.
 * @throws {SerializeError} If it holds an integer of more than 64 bits, a map that Dask would take for a mark, or what
 * neither msgpack nor pickle has a form for.
 *
 * @example
 * ```ts
 * import { dumps, loads, toSerialize } from "@brine/brine/dask";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const frames = dumps({ op: "put", keys: new Set(["x"]), data: toSerialize([1, null]) });
 * equal(frames.length, 4);
 * deepEqual(loads(frames), { op: "put", keys: new Set(["x"]), data: [1, null] });
 * ```
 */
export function dumps(
  message: unknown,
  options: MessageDumpOptions = {},
): Bytes[] {
  const frames: Bytes[] = [new Uint8Array(0)];
  const hook = (value: object) => placeholder(value, frames, options);
  frames[0] = pack(message, { hook, reserved: RESERVED });
  return frames;
}

/** What stands in the message for a value that is no msgpack. */
function placeholder(
  value: object,
  frames: Bytes[],
  options: MessageDumpOptions,
): unknown {
  const plain = plainForm(value);
  if (plain !== undefined) return plain;
  const at = frames.length;
  if (value instanceof Serialize) {
    const own = splitAndCompressed(value, options);
    add(frames, own.header, own.frames);
    return { __Serialized__: at };
  }
  if (value instanceof Serialized) {
    add(frames, value.header, value.frames);
    return { __Serialized__: at };
  }
  if (value instanceof ToPickle || options.fallback !== "refuse") {
    const data = value instanceof ToPickle ? value.data : value;
    const [pickle, ...buffers] = new Serializer(options).pickle(data);
    // Never compressed: for a year and a half Dask compressed these, and forgot it when it read them.
    const compression = buffers.map(() => null);
    add(frames, { "pickled-obj": pickle, compression }, buffers);
    return { __Pickled__: at };
  }
  return undefined;
}

/** What stands for sets, enums and byte strings of other classes, here and in headers. */
function plainForm(value: object): unknown {
  if (value instanceof Set && Object.getPrototypeOf(value) === Set.prototype) {
    return { __Set__: true, "as-list": [...value] };
  }
  if (value instanceof PyEnum && value.member !== undefined) {
    const { module, name, member } = value;
    return {
      __Enum__: true,
      name: member,
      __module__: module,
      __name__: name,
    };
  }
  return undefined;
}

function add(
  frames: Bytes[],
  header: DaskHeader,
  own: readonly Bytes[],
): void {
  frames.push(packHeader({ ...header, "num-sub-frames": own.length }));
  for (const frame of own) frames.push(frame);
}

/** A header may hold marks of its own; what they mark stands in it. */
export function packHeader(header: DaskHeader): Bytes {
  return pack(header, {
    repeats: true,
    hook(value) {
      const plain = plainForm(value);
      if (plain !== undefined) return plain;
      if (value instanceof Serialize || value instanceof Serialized) {
        const { header, frames } = new Serializer({}).serialize(value);
        return { __Serialized__: true, data: [header, frames] };
      }
      return ArrayBuffer.isView(value) ? bytesOf(value as Bytes) : undefined;
    },
  });
}

/** A value serialized, its frames cut, and each piece compressed where that pays. */
export function splitAndCompressed(
  value: unknown,
  options: MessageDumpOptions,
): { header: DaskHeader; frames: Bytes[] } {
  const serializer = new Serializer(options);
  const whole = serializer.serialize(
    value,
    options.serializers,
    options.iterateCollection,
  );
  const { header, frames, compression } = splitFrames(
    whole,
    options.frameSplitSize,
  );
  const how = {
    compression: serializer.context.compression,
    minRatio: options.minRatio,
    registry: serializer.registry,
  };
  if (how.compression) {
    frames.forEach((frame, i) => {
      if (compression[i] !== null) return;
      [compression[i], frames[i]] = compressIfWorth(frame, how);
    });
  }
  return { header: { ...header, compression }, frames };
}
