/**
 * Each frame on its own, compressed where it pays.
 *
 * @module
 */
import { concat } from "../src/bytes.ts";
import { FormatError, LimitError, UnknownNameError } from "../src/errors.ts";
import { told } from "../src/told.ts";
import type { Bytes, Message } from "../src/types.ts";
import { collectBytes, streamOf } from "./_collect.ts";
import { codecs } from "./codecs.ts";
import { limit } from "./limit.ts";
import type { Codec, Stage } from "./stage.ts";
import { WorkStream } from "./_work_stream.ts";

/** Options for {@linkcode compress}. */
export interface CompressOptions {
  /** The codecs that the decoder knows, besides the one it writes with. @default {every codec of this library} */
  readonly accept?: Iterable<Codec>;
  /** Shorter frames are left as they are. In bytes. @default {10_000} */
  readonly minBytes?: number;
  /** A frame that keeps more than this share of its length is left as it is. @default {0.7} */
  readonly maxRatio?: number;
  /** Bytes that the decoder accepts of one frame. @default {268_435_456} */
  readonly maxFrameBytes?: number;
  /** Bytes that the decoder accepts of all frames of a message: small ones can hold a great deal. @default {268_435_456} */
  readonly maxMessageBytes?: number;
}

/** Dask's `maybe_compress` looks at five places first. */
const SAMPLES = 5;
const SAMPLE_BYTES = 10_000;
/** Where it paid for the message before, frames up to this are not sampled, which is up to half of the work. */
const MOST_UNTRIED = 2 ** 19;
/** Native codecs work beside the main thread, so a few frames go through at once. */
const AT_ONCE = 4;

/**
 * Compresses each frame of a message on its own, where it pays, by Dask's rule (`maybe_compress`): frames under 10 kB are
 * left alone; of others five samples are tried, then all of it; and if that keeps more than 0.7 of its length, it goes as
 * it was. After a message for which it paid, frames up to 512 KiB are not sampled. The header's `compression` says what
 * each frame went through, in Dask's names.
 *
 * @param codec What to compress with; without one, nothing is compressed, but compressed frames are read.
 * @param options What pays, and what is accepted.
 * @returns A stage named `compress`.
 * @throws {UnknownNameError} From the decoder, for a codec that is not accepted.
 * @throws {LimitError} From the decoder, for a frame that grows beyond the limit.
 *
 * @example
 * ```ts
 * import { compress, dumps, frames, gzip, loads, pipe, serialize } from "@brine/brine";
 * import { deepEqual, ok } from "node:assert/strict";
 *
 * const wire = pipe(serialize(), compress(gzip()), frames());
 * const zeros = new Float64Array(10_000);
 * const bytes = await dumps(zeros, wire);
 * ok(bytes.length < 1_000);
 * deepEqual(await loads(bytes, wire), zeros);
 * ```
 */
export function compress(
  codec?: Codec,
  options: CompressOptions = {},
): Stage<Message, Message> {
  const {
    accept = codecs(),
    maxFrameBytes = 2 ** 28,
    maxMessageBytes = 2 ** 28,
  } = options;
  const known = new Map<string, Codec>();
  for (const each of codec ? [...accept, codec] : accept) {
    known.set(each.name, each);
  }
  // What a header says comes before what we call it: `lz4` is one thing there, and another on the command line.
  for (const each of codec ? [...accept, codec] : accept) {
    known.set(nameOf(each), each);
  }
  return {
    name: "compress",
    encoder: () => {
      if (!codec) return new TransformStream();
      const shrinker = new Shrinker(codec, options);
      return new WorkStream((message, signal) =>
        shrinker.shrink(message, signal)
      );
    },
    decoder: () =>
      new WorkStream((message, signal) =>
        grow(message, known, maxFrameBytes, maxMessageBytes, signal)
      ),
  };
}

/** What a header calls the codec. */
function nameOf(codec: Codec): string {
  return codec.compression ?? codec.name;
}

class Shrinker {
  readonly #codec: Codec;
  readonly #minBytes: number;
  readonly #maxRatio: number;
  /** Whether it paid for all frames of the last message for which it was tried. */
  #pays = false;

  constructor(
    codec: Codec,
    { minBytes = 10_000, maxRatio = 0.7 }: CompressOptions,
  ) {
    this.#codec = codec;
    this.#minBytes = minBytes;
    this.#maxRatio = maxRatio;
  }

  async shrink(
    { header, frames }: Message,
    signal: AbortSignal,
  ): Promise<Message> {
    const before = header.compression;
    let isTried = false;
    let pays = true;
    const small = await mapFew(frames, async (frame, i) => {
      // Also `false`, which is Dask's word for what shall never be compressed.
      const isSettled = (before?.[i] ?? null) !== null;
      if (frame.length < this.#minBytes || isSettled) return undefined;
      isTried = true;
      const all = await this.#tryOne(frame, signal);
      pays &&= all !== undefined;
      return all;
    });
    if (isTried) this.#pays = pays;
    const compression = small.map((frame, i) =>
      frame ? nameOf(this.#codec) : before?.[i] ?? null
    );
    return {
      header: { ...header, compression },
      frames: frames.map((frame, i) => small[i] ?? frame),
    };
  }

  /** The frame as it is coded, if that pays. */
  async #tryOne(
    frame: Bytes,
    signal: AbortSignal,
  ): Promise<Bytes | undefined> {
    const codec = this.#codec;
    const isKnown = this.#pays && frame.length <= MOST_UNTRIED;
    if (frame.length > 2 * SAMPLES * SAMPLE_BYTES && !isKnown) {
      const sample = sampleOf(frame);
      const tried = await through(codec, sample, signal);
      if (tried.length > this.#maxRatio * sample.length) return undefined;
    }
    const all = await through(codec, frame, signal);
    return all.length > this.#maxRatio * frame.length ? undefined : all;
  }
}

async function grow(
  message: Message,
  known: ReadonlyMap<string, Codec>,
  maxFrameBytes: number,
  maxMessageBytes: number,
  signal: AbortSignal,
): Promise<Message> {
  const { header: { compression, ...header }, frames } = message;
  if (compression === undefined) return message;
  if (!Array.isArray(compression) || compression.length !== frames.length) {
    throw new FormatError(
      "compress",
      "the header's compression does not fit the frames",
    );
  }
  let total = 0;
  const count = () =>
    new TransformStream<Bytes, Bytes>({
      transform(chunk, controller) {
        total += chunk.length;
        if (total > maxMessageBytes) {
          throw new LimitError(
            "compress",
            "message bytes",
            total,
            maxMessageBytes,
          );
        }
        controller.enqueue(chunk);
      },
    });
  const grown = await mapFew(frames, async (frame, i) => {
    const name: unknown = compression[i];
    // Dask writes false for what shall never be compressed.
    if (name === null || name === false) return frame;
    const codec = known.get(name as string);
    if (!codec) {
      throw new UnknownNameError(
        "codec",
        typeof name === "string" ? name : told(name),
        known.keys(),
      );
    }
    return await collectBytes(
      streamOf([frame]).pipeThrough(codec.decoder()).pipeThrough(
        limit(maxFrameBytes).decoder(),
      ).pipeThrough(count()),
      signal,
    );
  });
  return { header, frames: grown };
}

async function through(
  codec: Codec,
  bytes: Bytes,
  signal: AbortSignal,
): Promise<Bytes> {
  const { length } = bytes;
  return await collectBytes(
    streamOf([bytes]).pipeThrough(codec.encoder(length)),
    signal,
  );
}

/** Five pieces at even distances. Dask takes them at random; so the same input always gives the same output. */
function sampleOf(frame: Bytes): Bytes {
  const step = Math.floor((frame.length - SAMPLE_BYTES) / (SAMPLES - 1));
  return concat(
    Array.from(
      { length: SAMPLES },
      (_, i) => frame.subarray(i * step, i * step + SAMPLE_BYTES),
    ),
  );
}

/** As `Promise.all` of a map, but with only a few under way at a time. */
async function mapFew<T, R>(
  items: readonly T[],
  work: (item: T, i: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i]!, i);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
