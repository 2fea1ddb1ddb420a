/** Checks of golden vectors of Dask's protocol. */
import { decodeBase64 } from "@std/encoding/base64";
import { readFileSync } from "node:fs";
import {
  deserialize,
  deserializeBytes,
  loads,
  mergeAndDeserialize,
  unpackFrames,
} from "../../streams/dask/mod.ts";
import { readHeader } from "../../src/dask/read_message.ts";
import type { Bytes } from "../../src/types.ts";
import { type Desc, describe, differences } from "./_dask_describe.ts";
import { OPTIONS } from "./_dask_types.ts";

/** One thing to be checked: `run` throws if it is not as it should be. */
export interface Check {
  readonly name: string;
  run(): void;
}

/** What that version of Dask fails at, and later ones do not: it has to be read. */
const MENDED = new Map([
  ["m-topickle-comp", "ndarray"],
  ["memoryview-empty", "memoryview"],
]);

const ERRORS = [
  "FormatError",
  "TruncatedError",
  "LimitError",
  "RemoteError",
  "UnknownNameError",
];

export function readVectors(folder: string): Desc {
  const vectors = JSON.parse(readFileSync(`${folder}/vectors.json`, "utf8"));
  if (vectors.format !== "dask-vectors/1") {
    throw new Error(`not dask-vectors/1 but ${vectors.format}`);
  }
  return vectors;
}

/** The bytes of a vector's frame. */
export function bytesOf({ b64, file }: Desc, folder: string): Bytes {
  return b64 !== undefined
    ? new Uint8Array(decodeBase64(b64))
    : new Uint8Array(readFileSync(`${folder}/${file}`));
}

/** All that there is to check; what Dask could not even write is none of it. */
export function* checks(folder: string): Generator<Check> {
  for (const vector of readVectors(folder).vectors) {
    if (vector.kind === "dumps_error") continue;
    yield { name: vector.id, run: () => check(vector, folder) };
  }
}

function check(vector: Desc, folder: string): void {
  const { expect_error: expected } = vector;
  if (!expected) return same(vector, folder);
  let value: unknown;
  try {
    value = valueOf(vector, folder);
  } catch (error) {
    if (ERRORS.includes((error as Error).name)) return;
    throw error;
  }
  const mended = MENDED.get(vector.id);
  const got = JSON.stringify(describe(value));
  if (mended && got.includes(`"t":"${mended}"`)) return;
  throw new Error(`it was read as ${got.slice(0, 300)}`);
}

function same(vector: Desc, folder: string): void {
  const value = valueOf(vector, folder);
  let wrong: string[];
  if (vector.kind === "pack") {
    const frames = vector.expect_frames.map((f: Desc) => bytesOf(f, folder));
    wrong = differences(frames.map(describe), (value as Bytes[]).map(describe));
  } else if (vector.kind === "tcp") {
    const messages = value as unknown[];
    const { expect_messages: expected } = vector;
    wrong = expected.length === messages.length
      ? []
      : [`${messages.length} messages`];
    messages.forEach((message, i) => {
      if (!expected[i]) return;
      wrong.push(...differences(expected[i], describe(message)));
    });
  } else wrong = differences(vector.expect, describe(value));
  if (wrong.length > 0) throw new Error(wrong.slice(0, 3).join("; "));
}

/** What a vector is read as. */
export function valueOf(vector: Desc, folder: string): unknown {
  const get = (frame: Desc) => bytesOf(frame, folder);
  const options = { ...OPTIONS, deserializers: vector.deserializers };
  switch (vector.kind) {
    case "serialize":
    case "serialize_split": {
      const packed = new Uint8Array(decodeBase64(vector.header_b64));
      const header = readHeader(packed, OPTIONS);
      const frames = vector.frames.map(get);
      return vector.kind === "serialize" && header.compression === undefined
        ? deserialize(header, frames, options)
        : mergeAndDeserialize(header, frames, options);
    }
    case "dumps":
      return loads(vector.frames.map(get), {
        ...options,
        deserialize: vector.deserialize,
      });
    case "bytes":
      return deserializeBytes(get(vector.blob), options);
    case "compress": {
      const compression = OPTIONS.registry!.compression(vector.name);
      return compression.decompress(get(vector.blob), 2 ** 20);
    }
    case "pack":
      return unpackFrames(get(vector.blob));
    case "tcp":
      return messagesOf(get(vector.blob));
  }
  throw new Error(`unknown kind ${vector.kind}`);
}

/** Messages as they travel: a length, which says too little in newer versions, and packed frames. */
function messagesOf(bytes: Bytes): unknown[] {
  const messages: unknown[] = [];
  while (bytes.length > 0) {
    const frames = unpackFrames(bytes.subarray(8), { remainder: true });
    bytes = frames.pop()!;
    messages.push(loads(frames, OPTIONS));
  }
  return messages;
}
