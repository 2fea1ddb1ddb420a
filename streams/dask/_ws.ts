import { FormatError, LimitError, TruncatedError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";
import { readU64s, writeU64 } from "../../src/wire/u64.ts";
import type { MessageLimits } from "./_assembler.ts";
import { Inbox } from "./_inbox.ts";
import { type Deferred, deferred, type Transport } from "./_transport.ts";
import type { Address } from "./address.ts";
import { CommClosedError } from "./errors.ts";
import type { WebSocketClass, WebSocketLike } from "./options.ts";

/** As Dask has it for web sockets. */
const SPLIT = 8 * 2 ** 20;

/** A web socket to an address, which is not connected yet. */
export function openWebSocket(
  { scheme, host, port, text }: Address,
  given: WebSocketClass | undefined,
  limits: MessageLimits,
): WebSocketTransport {
  const Socket = given ??
    (globalThis as { WebSocket?: WebSocketClass }).WebSocket;
  if (!Socket) {
    throw new CommClosedError(
      text,
      `Cannot connect to ${text}: this runtime has no WebSocket`,
    );
  }
  const name = host.includes(":") ? `[${host}]` : host;
  const socket = new Socket(`${scheme}://${name}:${port}/`);
  return new WebSocketTransport(socket, text, limits);
}

/** The number of frames as one message, and each frame as another. */
export class WebSocketTransport implements Transport {
  readonly frameSplitSize: number = SPLIT;
  isClosed = false;
  readonly closed: Promise<void>;
  /** Settles when it is connected. */
  readonly opened: Promise<void>;

  readonly #socket: WebSocketLike;
  readonly #address: string;
  #limits: MessageLimits;
  readonly #inbox = new Inbox<Bytes[]>();
  readonly #gone: Deferred<void> = deferred();
  readonly #open: Deferred<void> = deferred();
  #isOpen = false;
  /** Why it ends, if it was ended here. */
  #ending: Error | undefined;
  #lastActive = performance.now();
  #buffered = 0;
  /** Frames of the message under way, and how many are still to come. */
  #frames: Bytes[] = [];
  #missing = 0;
  #bytes = 0;

  constructor(socket: WebSocketLike, address: string, limits: MessageLimits) {
    this.#socket = socket;
    this.#address = address;
    this.#limits = limits;
    this.closed = this.#gone.promise;
    this.opened = this.#open.promise;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      this.#isOpen = true;
      this.#open.resolve();
    });
    socket.addEventListener("message", ({ data }) => this.#take(data));
    socket.addEventListener("error", (event) => this.#fail(this.#lost(event)));
    socket.addEventListener("close", (event) => this.#fail(this.#lost(event)));
  }

  /** What stands to be sent tells of progress only when it is asked. */
  get lastActive(): number {
    const { bufferedAmount } = this.#socket;
    if (bufferedAmount < this.#buffered) this.#lastActive = performance.now();
    this.#buffered = bufferedAmount;
    return this.#lastActive;
  }

  /** A web socket takes all at once, and tells nobody when it is gone. */
  send(frames: readonly Bytes[]): Promise<void> {
    const { failure } = this.#inbox;
    if (failure) return Promise.reject(failure.reason);
    const count = new Uint8Array(8);
    writeU64(new DataView(count.buffer), 0, frames.length);
    try {
      this.#socket.send(count);
      for (const frame of frames) this.#socket.send(frame);
    } catch (cause) {
      const error = this.#lost(cause);
      this.destroy(error);
      return Promise.reject(error);
    }
    this.#buffered = this.#socket.bufferedAmount;
    return Promise.resolve();
  }

  receive(): Promise<Bytes[]> {
    return this.#inbox.take();
  }

  end(reason: Error): void {
    this.isClosed = true;
    this.#ending = reason;
    this.#socket.close();
  }

  destroy(reason: unknown): void {
    this.#fail(reason);
    this.#socket.close();
  }

  #take(data: unknown): void {
    this.#lastActive = performance.now();
    if (this.#inbox.failure) return;
    try {
      this.#add(data);
    } catch (error) {
      this.destroy(error);
    }
  }

  #add(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) {
      throw new FormatError("dask", "a message of text");
    }
    const bytes = new Uint8Array(data);
    if (this.#missing === 0) {
      if (bytes.length !== 8) {
        throw new FormatError("dask", "no number of frames");
      }
      const [count] = readU64s(bytes);
      check("frames", count!, this.#limits.maxFrames);
      this.#frames = [];
      this.#bytes = 0;
      this.#missing = count!;
    } else {
      this.#bytes += bytes.length;
      check("bytes", this.#bytes, this.#limits.maxBytes);
      this.#frames.push(bytes);
      this.#missing--;
    }
    if (this.#missing > 0) return;
    this.#inbox.push(this.#frames);
    this.#limits = this.#limits.after ?? this.#limits;
  }

  #fail(reason: unknown): void {
    this.isClosed = true;
    this.#inbox.fail(reason);
    this.#open.reject(reason);
    this.#gone.resolve();
  }

  #lost(event: unknown): Error {
    if (this.#ending) return this.#ending;
    if (this.#missing > 0) {
      const why =
        `the connection to ${this.#address} was lost within a message`;
      return new TruncatedError("dask", why);
    }
    const { reason, message, code } = Object(event) as Record<string, unknown>;
    const why = reason || message || (code ? `code ${code}` : "it failed");
    const what = this.#isOpen ? "Lost the connection" : "Cannot connect";
    return new CommClosedError(
      this.#address,
      `${what} to ${this.#address}: ${why}`,
    );
  }
}

function check(what: string, actual: number, limit: number): void {
  if (actual > limit) throw new LimitError("dask", what, actual, limit);
}
