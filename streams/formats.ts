/**
 * Formats by name: what the command line and the server read and write.
 *
 * @module
 */
import { UnknownNameError } from "../src/errors.ts";
import type { Bytes, Message } from "../src/types.ts";
import { codecs } from "./codecs.ts";
import { compress } from "./compress.ts";
import { frames } from "./frames.ts";
import { jsonArrayBatches } from "./json_array.ts";
import { jsonDocument } from "./json_document.ts";
import { jsonSeqBatches } from "./json_seq.ts";
import { lines } from "./lines.ts";
import { msgpackSequenceBatches } from "./msgpack_sequence.ts";
import { ndjsonBatches } from "./ndjson.ts";
import { messageBatches, type MessagesOptions } from "./presets.ts";
import { serializeBatches } from "./serialize.ts";
import { split } from "./split.ts";
import { lazyStage } from "./_lazy_stage.ts";
import { single } from "./_single.ts";
import { type Codec, pipe, type Stage } from "./stage.ts";

/** Options for {@linkcode Format.batches}; each format takes those that concern it. */
export interface FormatOptions extends MessagesOptions {
  /** Where the array is in a `json-array` document. @default {"$[*]"} */
  readonly path?: string;
  /** Whether formats of plain JSON may lose what it cannot hold. @default {false} */
  readonly lossy?: boolean;
  /** Bytes that may come of parts that are compressed, in formats that compress theirs: `dask`, `npz`. @default {Infinity} */
  readonly maxDecodedBytes?: number;
}

/** A format, and how to recognise it. */
export interface Format {
  /** Its name on the command line and in URLs. */
  readonly name: string;
  /** What it is, in a few words. */
  readonly description: string;
  /** The ends of file names, with the dot. */
  readonly extensions: readonly string[];
  /** The media type, the first of them ours to send. */
  readonly mediaTypes: readonly string[];
  /** Whether it keeps every type of JavaScript. */
  readonly typed: boolean;
  /** Whether its values may be what stands for Python's: see {@linkcode plainBatches}. @default {false} */
  readonly python?: boolean;
  /** Batches of values to bytes, and back. */
  batches(options?: FormatOptions): Stage<readonly unknown[], Bytes>;
  /** Messages to bytes, and back: the last part of `batches`, of those formats that have messages. */
  framing?(options?: FormatOptions): Stage<Message, Bytes>;
}

/**
 * Every format of this library.
 *
 * @example Those that keep all types
 * ```ts
 * import { formats } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * const typed = formats.filter(({ typed }) => typed).map(({ name }) => name);
 * deepEqual(typed, ["brine", "lines"]);
 * ```
 */
export const formats: readonly Format[] = [
  {
    name: "brine",
    description: "header and frames with checksums, an end and an index",
    extensions: [".brine"],
    mediaTypes: ["application/vnd.brine"],
    typed: true,
    batches: messageBatches,
    framing: frames,
  },
  {
    name: "lines",
    description: "brine as lines of text, frames in base64",
    extensions: [".brinel"],
    mediaTypes: ["application/vnd.brine+jsonl"],
    typed: true,
    batches: (options = {}) =>
      pipe(
        serializeBatches(options),
        split(),
        compress(options.codec, options),
        linesOf(options),
      ),
    framing: linesOf,
  },
  {
    name: "ndjson",
    description: "a line of JSON for each value",
    extensions: [".ndjson", ".jsonl"],
    mediaTypes: ["application/x-ndjson", "application/jsonl"],
    typed: false,
    batches: ndjsonBatches,
  },
  {
    name: "json-seq",
    description: "JSON Text Sequences, RFC 7464",
    extensions: [".json-seq"],
    mediaTypes: ["application/json-seq"],
    typed: false,
    batches: jsonSeqBatches,
  },
  {
    name: "json-array",
    description: "one JSON array of values, or an object that holds one",
    extensions: [],
    mediaTypes: [],
    typed: false,
    batches: jsonArrayBatches,
  },
  {
    name: "json",
    description: "one value as JSON, read whole",
    extensions: [".json"],
    mediaTypes: ["application/json"],
    typed: false,
    batches: (options) => pipe(single(), jsonDocument(options)),
  },
  {
    name: "msgpack",
    description: "msgpack values, one after another",
    extensions: [".msgpack", ".mpk"],
    mediaTypes: ["application/vnd.msgpack", "application/msgpack"],
    typed: false,
    batches: msgpackSequenceBatches,
  },
  {
    name: "pickle",
    description: "Python's pickles, one after another",
    extensions: [".pickle", ".pkl"],
    // There is none that is registered; Celery's is the one that is most in use.
    mediaTypes: ["application/x-python-serialize", "application/x-pickle"],
    typed: false,
    python: true,
    batches: ({ maxMessageBytes } = {}) =>
      lazyStage("pickle", async () => {
        const { pickleBatches } = await import("./pickle.ts");
        return pickleBatches({ load: { maxItemBytes: maxMessageBytes } });
      }),
  },
  {
    name: "dask",
    description: "values as Dask's serialize_bytes writes them",
    extensions: [".dask"],
    mediaTypes: ["application/vnd.dask"],
    typed: false,
    python: true,
    batches: (options) =>
      lazyStage("dask", async () => {
        const { daskValueBatches } = await import("./dask/blobs.ts");
        return daskValueBatches(options);
      }),
  },
  {
    name: "npy",
    description: "one array of numpy",
    extensions: [".npy"],
    mediaTypes: ["application/vnd.numpy"],
    typed: false,
    python: true,
    batches: (options) =>
      lazyStage("npy", async () => {
        const { npyBatches } = await import("./npy.ts");
        return npyBatches(options);
      }),
  },
  {
    name: "npz",
    description: "arrays of numpy by name",
    extensions: [".npz"],
    mediaTypes: ["application/vnd.numpy+zip"],
    typed: false,
    python: true,
    batches: (options) =>
      lazyStage("npz", async () => {
        const { npzBatches } = await import("./npy.ts");
        return npzBatches(options);
      }),
  },
];

/**
 * The format of that name.
 *
 * @param name The name.
 * @returns The format.
 * @throws {UnknownNameError} If there is none.
 *
 * @example
 * ```ts
 * import { formatOf } from "@brine/brine";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(formatOf("ndjson").extensions, [".ndjson", ".jsonl"]);
 * ```
 */
export function formatOf(name: string): Format {
  return find("format", name, formats);
}

/** What Python calls codecs. */
const ALIASES = new Map([
  ["zlib", "deflate"],
  ["bz2", "bzip2"],
  ["zstandard", "zstd"],
  ["lz4.frame", "lz4"],
  ["lz4.block", "lz4-block"],
]);

/**
 * The codec of that name, with its default level. Python's names are known, too: `zlib`, `bz2`, `zstandard`, `lz4.frame` and
 * `lz4.block`.
 *
 * @param name The name.
 * @returns The codec.
 * @throws {UnknownNameError} If there is none.
 *
 * @example
 * ```ts
 * import { codecOf } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * equal(codecOf("gzip").name, "gzip");
 * equal(codecOf("bz2").name, "bzip2");
 * ```
 */
export function codecOf(name: string): Codec {
  return find("codec", ALIASES.get(name) ?? name, codecs());
}

/** Base64 makes four bytes of three. */
function linesOf({ maxMessageBytes }: FormatOptions = {}) {
  if (maxMessageBytes === undefined) return lines();
  return lines({ maxLineBytes: Math.ceil(maxMessageBytes / 3) * 4 });
}

function find<T extends { readonly name: string }>(
  kind: string,
  name: string,
  list: readonly T[],
): T {
  const found = list.find((each) => each.name === name);
  if (found) return found;
  throw new UnknownNameError(kind, name, list.map((each) => each.name));
}
