import type * as Net from "node:net";
import { TruncatedError } from "../../src/errors.ts";
import { concat } from "../../src/bytes.ts";
import { SHARD } from "../../src/dask/split.ts";
import type { Bytes } from "../../src/types.ts";
import { Assembler, type MessageLimits } from "./_assembler.ts";
import { Inbox } from "./_inbox.ts";
import { type Deferred, deferred, type Transport } from "./_transport.ts";
import { tcpHead } from "./_tcp_head.ts";
import { CommClosedError } from "./errors.ts";

/** Frames below this are sent together. */
const SMALL = 2 ** 14;
const TOGETHER = 2 ** 16;
/** What is handed to the socket in one go: runtimes copy what they cannot send at once. */
const SLICE = 2 ** 24;

/** TCP, with or without TLS, by Node's modules: Deno and Bun have them, too. */
export class TcpTransport implements Transport {
  readonly frameSplitSize: number = SHARD;
  lastActive: number = performance.now();
  isClosed = false;
  readonly closed: Promise<void>;
  /** Settles when it is connected. */
  readonly opened: Promise<void>;

  readonly #socket: Net.Socket;
  readonly #address: string;
  readonly #assembler: Assembler;
  readonly #inbox = new Inbox<Bytes[]>();
  readonly #gone: Deferred<void> = deferred();
  readonly #open: Deferred<void> = deferred();
  #isOpen = false;
  /** Why it ends, if it was ended here. */
  #ending: Error | undefined;
  /** The piece that the socket has not taken yet. */
  #writing: Deferred<void> | undefined;

  constructor(
    socket: Net.Socket,
    event: string,
    address: string,
    limits: MessageLimits,
  ) {
    this.#socket = socket;
    this.#address = address;
    this.#assembler = new Assembler(
      limits,
      (frames) => this.#inbox.push(frames),
    );
    this.closed = this.#gone.promise;
    this.opened = this.#open.promise;
    let cause: Error | undefined;
    socket.once(event, () => {
      socket.setNoDelay(true);
      this.#isOpen = true;
      this.#open.resolve();
    });
    // Where the runtime does not read to a place that it is told.
    socket.on("data", (chunk: Uint8Array) => {
      if (!this.take(chunk)) socket.pause();
    });
    socket.on("error", (error: Error) => {
      cause ??= error;
      // Not every runtime closes it by itself then.
      this.#fail(this.#lost(error));
      socket.destroy();
    });
    socket.on("end", () => this.#fail(this.#lost(cause)));
    socket.on("close", () => this.#fail(this.#lost(cause)));
  }

  async send(frames: readonly Bytes[]): Promise<void> {
    for (const piece of piecesOf(frames)) await this.#write(piece);
  }

  receive(): Promise<Bytes[]> {
    const taken = this.#inbox.take();
    if (this.#inbox.size === 0 && !this.isClosed) this.#socket.resume();
    return taken;
  }

  end(reason: Error): void {
    this.isClosed = true;
    this.#ending = reason;
    this.#socket.end();
  }

  destroy(reason: unknown): void {
    this.#fail(reason);
    this.#socket.destroy();
  }

  /** Where the next bytes belong. */
  get room(): Bytes {
    return this.#assembler.room;
  }

  /** Takes bytes that have come; whether more may come before any is asked for. */
  take(chunk: Uint8Array): boolean {
    this.lastActive = performance.now();
    if (this.#inbox.failure) return false;
    try {
      this.#assembler.push(chunk);
    } catch (error) {
      this.destroy(error);
    }
    return this.#inbox.size === 0;
  }

  #write(piece: Bytes): Promise<void> {
    const { failure } = this.#inbox;
    if (failure) return Promise.reject(failure.reason);
    const writing = deferred<void>();
    this.#writing = writing;
    this.#socket.write(piece, (error) => {
      if (error) return this.#fail(this.#lost(error));
      this.lastActive = performance.now();
      writing.resolve();
    });
    return writing.promise;
  }

  #fail(reason: unknown): void {
    this.isClosed = true;
    this.#inbox.fail(reason);
    this.#open.reject(reason);
    this.#writing?.reject(reason);
    this.#gone.resolve();
  }

  #lost(cause: Error | undefined): Error {
    if (this.#ending) return this.#ending;
    const options = cause ? { cause } : {};
    if (!this.#assembler.isBetween) {
      const offset = this.#assembler.offset;
      return new TruncatedError(
        "dask",
        `the connection to ${this.#address} was lost within a message`,
        { offset, ...options },
      );
    }
    const why = cause ? cause.message || String(cause) : "it was closed";
    const what = this.#isOpen ? "Lost the connection" : "Cannot connect";
    return new CommClosedError(
      this.#address,
      `${what} to ${this.#address}: ${why}`,
      options,
    );
  }
}

/** A message as it is written: small frames put together, large ones in slices that are no copies. */
function* piecesOf(frames: readonly Bytes[]): Generator<Bytes> {
  let together: Bytes[] = [];
  let size = 0;
  for (const frame of [tcpHead(frames), ...frames]) {
    const isSmall = frame.length <= SMALL;
    if (size > 0 && (!isSmall || size + frame.length > TOGETHER)) {
      yield concat(together);
      together = [];
      size = 0;
    }
    if (isSmall) {
      together.push(frame);
      size += frame.length;
      continue;
    }
    for (let at = 0; at < frame.length; at += SLICE) {
      yield frame.subarray(at, at + SLICE);
    }
  }
  if (size > 0) yield concat(together);
}
