import { concat } from "../../src/bytes.ts";
import { LimitError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";
import { type Puller, PullStream } from "../_pull_stream.ts";
import type { Codec } from "../stage.ts";

/** Gathers all bytes, and makes one thing of them. */
export class WholeStream<Out> extends PullStream<Bytes, Out> {
  constructor(
    stage: string,
    maxBytes: number,
    make: (whole: Bytes) => Out | Promise<Out>,
  ) {
    super(new WholePuller(stage, maxBytes, make));
  }
}

class WholePuller<Out> implements Puller<Bytes, Out> {
  #parts: Bytes[] = [];
  #length = 0;
  #ended = false;

  constructor(
    readonly stage: string,
    readonly maxBytes: number,
    readonly make: (whole: Bytes) => Out | Promise<Out>,
  ) {}

  push(chunk: Bytes): void {
    const length = this.#length += chunk.length;
    if (length > this.maxBytes) {
      const { stage, maxBytes } = this;
      throw new LimitError(stage, "a value of bytes", length, maxBytes, {
        offset: maxBytes,
      });
    }
    if (chunk.length > 0) this.#parts.push(chunk);
  }

  end(): void {
    this.#ended = true;
  }

  next(): Out[] | undefined | Promise<Out[]> {
    if (!this.#ended) return undefined;
    this.#ended = false;
    const whole = concat(this.#parts);
    this.#parts = [];
    const made = this.make(whole);
    return made instanceof Promise ? made.then((out) => [out]) : [made];
  }
}

/** A codec whose encoder knows the size of its input: all of that is in memory first. */
export function sized(codec: Codec, maxBytes: number): Codec {
  return {
    ...codec,
    encoder: () => {
      const gather = new WholeStream(codec.name, maxBytes, (whole) => whole);
      const { readable, writable } = gather;
      const packed = new ReadableStream<Bytes>({
        async pull(controller) {
          reader ??= await begin();
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: (reason) =>
          reader ? reader.cancel(reason) : readable.cancel(reason),
      }, { highWaterMark: 0 });
      let reader: ReadableStreamDefaultReader<Bytes> | undefined;
      const begin = async () => {
        const gathered = readable.getReader();
        const { value } = await gathered.read();
        gathered.releaseLock();
        const whole = value ?? new Uint8Array(0);
        return streamOfBytes(whole).pipeThrough(codec.encoder(whole.length))
          .getReader();
      };
      return { readable: packed, writable };
    },
  };
}

function streamOfBytes(bytes: Bytes): ReadableStream<Bytes> {
  return new ReadableStream<Bytes>({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}
