import type { Bytes } from "../src/types.ts";

/** Sends bytes on; a promise comes back if the reader has enough for now, and settles when it wants more. */
export type Emit = (bytes: Bytes) => Promise<void> | undefined;

/** What turns bytes into other bytes, over any number of calls, of which each is awaited before the next. */
export interface Coder {
  write(chunk: Bytes): Promise<void>;
  /** No more will come: what is left goes out. */
  end(): Promise<void>;
  /** Lets go of everything, at whatever point it stands; a call that is under way settles, one way or the other. */
  close(): void;
}

/** Shut while the reader wants nothing. */
class Gate {
  #wait: Promise<void> | undefined;
  #open: (() => void) | undefined;

  shut(): void {
    this.#wait ??= new Promise((resolve) => this.#open = resolve);
  }

  open(): void {
    this.#open?.();
    this.#wait = this.#open = undefined;
  }

  /** `undefined` if it stands open. */
  get wait(): Promise<void> | undefined {
    return this.#wait;
  }
}

/**
 * Bytes through a coder. Like a `TransformStream`, but the coder can be held back in the middle of a chunk, so that a
 * small chunk which becomes a gigabyte does so at the pace of the reader.
 */
export class PacedStream implements TransformStream<Bytes, Bytes> {
  readonly readable: ReadableStream<Bytes>;
  readonly writable: WritableStream<Bytes>;

  /**
   * @param newCoder Makes the coder.
   * @param ahead How many chunks are taken at a time: with two, the next is made while the last is coded in another thread.
   */
  constructor(newCoder: (emit: Emit) => Coder, ahead: 1 | 2 = 1) {
    const gate = new Gate();
    gate.shut();
    let reader!: ReadableStreamDefaultController<Bytes>;
    let writer!: WritableStreamDefaultController;
    let over = false;

    const coder = newCoder((bytes) => {
      if (over || bytes.length === 0) return undefined;
      // Before, not after: a reader that waits already opens it again from within `enqueue`.
      gate.shut();
      reader.enqueue(bytes);
      return gate.wait;
    });
    const stop = () => {
      over = true;
      coder.close();
      gate.open();
    };
    const fail = (reason: unknown) => {
      if (over) return;
      reader.error(reason);
      stop();
    };
    const run = async (step: () => Promise<void>) => {
      await gate.wait;
      // A reader that went away has already failed the writable side.
      if (over) return;
      try {
        await step();
      } catch (error) {
        if (over) return;
        fail(error);
        throw error;
      }
    };

    this.readable = new ReadableStream<Bytes>({
      start: (controller) => {
        reader = controller;
      },
      pull: () => gate.open(),
      cancel(reason) {
        if (over) return;
        stop();
        writer.error(reason);
      },
    }, { highWaterMark: 0 });
    this.writable = new WritableStream<Bytes>({
      start: (controller) => {
        writer = controller;
        // `abort` below is not called while a write waits for the reader; the signal comes at once.
        const { signal } = controller;
        signal?.addEventListener("abort", () => fail(signal.reason));
      },
      write: (chunk) => run(() => coder.write(bytesOnly(chunk))),
      close: () =>
        run(async () => {
          await coder.end();
          if (over) return;
          reader.close();
          stop();
        }),
      abort: fail,
    }, { highWaterMark: ahead });
  }
}

/** Node's engines would take a string too, and put it through as UTF-8. */
function bytesOnly(chunk: Bytes): Bytes {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError(`Cannot code ${typeof chunk}: chunks are Uint8Array`);
}
