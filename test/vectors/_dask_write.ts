/** What this library writes for the values of a set of vectors, in the same format. */
import { encodeBase64 } from "@std/encoding/base64";
import {
  dumps,
  type HeaderLayout,
  mergeAndDeserialize,
  serialize,
  serializeBytes,
  Serialized,
  type SerializeOptions,
  ToPickle,
  toSerialize,
} from "../../streams/dask/mod.ts";
import { packHeader } from "../../src/dask/message.ts";
import type { Bytes } from "../../src/types.ts";
import { readVectors, valueOf } from "./_dask_check.ts";
import type { Desc } from "./_dask_describe.ts";
import { OPTIONS } from "./_dask_types.ts";

const { registry } = OPTIONS;
const COMPRESSIONS = ["zlib", "lz4", "snappy", "zstd"];
const LAYOUTS: readonly HeaderLayout[] = ["nested", "dual"];

export interface Written {
  readonly vectors: Desc[];
  /** What could not be written, and why. */
  readonly failures: string[];
}

/** Each value in both layouts, with two protocols of pickle, and in messages and blobs with each compression. */
export function written(folder: string): Written {
  const vectors: Desc[] = [];
  const failures: string[] = [];
  for (const vector of readVectors(folder).vectors) {
    if (!vector.expect || vector.kind === "compress") continue;
    const from = { expect: promised(vector.expect), args: vector.args };
    const value = vector.kind === "dumps"
      ? remarked(vector, folder)
      : valueOf(vector, folder);
    try {
      for (const made of variants(vector, value, from.expect)) {
        vectors.push({ ...from, ...made, id: `${vector.id}-${made.id}` });
      }
    } catch (error) {
      failures.push(`${vector.id}: ${(error as Error).message}`);
    }
  }
  return { vectors, failures };
}

/** A message with its marks: what was serialized is so again, unless it is passed on. */
function remarked(vector: Desc, folder: string): unknown {
  const message = valueOf({ ...vector, deserialize: false }, folder);
  if (vector.deserialize === false) return message;
  const mark = (value: unknown): unknown => {
    if (value instanceof Serialized) {
      const { header, frames } = value;
      return toSerialize(mergeAndDeserialize(header, frames, OPTIONS));
    }
    if (Array.isArray(value)) return value.map(mark);
    if (Object.getPrototypeOf(value ?? 0) !== Object.prototype) return value;
    const entries = Object.entries(value as Desc);
    // Only what is in the message itself is known to have been a pickle.
    return Object.fromEntries(
      entries.map(([key, item]) => [
        key,
        vector.id.startsWith("m-topickle") ? new ToPickle(item) : mark(item),
      ]),
    );
  };
  return mark(message);
}

const put = (bytes: Bytes): Desc => ({
  n: bytes.length,
  b64: encodeBase64(bytes),
});

function* variants(
  { kind, args = {}, deserialize }: Desc,
  value: unknown,
  expect: unknown,
): Generator<Desc> {
  const flags = deserialize === undefined ? {} : { deserialize };
  if (kind === "dumps") {
    const frames = dumps(value, { registry });
    yield { id: "message", kind, frames: frames.map(put), ...flags };
    return;
  }
  const { serializers, iterate_collection: iterateCollection } = args;
  for (const layout of LAYOUTS) {
    for (const protocol of [4, 5]) {
      const options: SerializeOptions = {
        registry,
        layout,
        serializers,
        iterateCollection,
        context: { "pickle-protocol": protocol },
        onError: "raise",
      };
      const { header, frames } = serialize(value, options);
      yield {
        id: `${layout}-p${protocol}`,
        kind: "serialize",
        header_b64: encodeBase64(packHeader(header)),
        frames: frames.map(put),
      };
    }
    const options = { registry, layout, onError: "raise" } as const;
    yield* messages(value, layout, options, expect);
  }
}

/** In a blob with each compression, and in a message with one. */
function* messages(
  value: unknown,
  layout: HeaderLayout,
  options: SerializeOptions,
  inMessage: unknown,
): Generator<Desc> {
  if (isNoMsgpack(value)) return;
  yield {
    id: `blob-${layout}`,
    kind: "bytes",
    blob: put(serializeBytes(value, options)),
  };
  for (const compression of COMPRESSIONS) {
    yield {
      id: `blob-${layout}-${compression}`,
      kind: "bytes",
      blob: put(serializeBytes(value, { ...options, compression })),
    };
  }
  // Long enough to be cut, and each piece to be compressed.
  const zeros = new Uint8Array(20_000);
  const compression = COMPRESSIONS[layout.length % 4]!;
  const message = { x: toSerialize(value), zeros: toSerialize(zeros) };
  const frames = dumps(message, {
    ...options,
    context: { compression },
    frameSplitSize: 15_000,
  });
  yield {
    id: `message-${layout}-${compression}`,
    kind: "dumps",
    frames: frames.map(put),
    expect: {
      t: "dict",
      items: [
        [{ t: "str", v: "x" }, inMessage],
        [{ t: "str", v: "zeros" }, { t: "bytes", n: zeros.length }],
      ],
    },
  };
}

/** Values that Dask's blobs cannot hold, or only by reference. */
function isNoMsgpack(value: unknown): boolean {
  return value instanceof Serialized;
}

/** What is expected of a value that came by this library: strides are what a dense array has. */
function promised(expected: unknown): unknown {
  if (Array.isArray(expected)) return expected.map(promised);
  if (typeof expected !== "object" || expected === null) return expected;
  return Object.fromEntries(
    Object.entries(expected).filter(([key]) => key !== "strides")
      .map(([key, value]) => [key, promised(value)]),
  );
}
