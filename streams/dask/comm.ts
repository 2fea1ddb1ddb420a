import { dumps } from "../../src/dask/message.ts";
import { loads } from "../../src/dask/read_message.ts";
import type { DaskContext } from "../../src/dask/registry.ts";
import type { Bytes } from "../../src/types.ts";
import { failureOf } from "./_remote_error.ts";
import { type Transport, watch } from "./_transport.ts";
import { CommClosedError } from "./errors.ts";
import type { ConnectOptions, WaitOptions } from "./options.ts";

/** What one side of a connection tells the other of itself. */
export interface HandshakeInfo {
  /** The compression that it would use. */
  readonly compression: string | null;
  /** The newest protocol of pickle that it reads. */
  readonly "pickle-protocol": number;
  /** The version of Python. */
  readonly python?: readonly number[] | undefined;
}

/** Options for {@linkcode Comm.receive} and {@linkcode Comm.request}. */
export interface ReceiveOptions extends WaitOptions {
  /** Whether values that were marked are deserialized; else they come as `Serialized`. @default {true} */
  readonly deserialize?: boolean | undefined;
}

/**
 * A connection to a scheduler or a worker, by which messages go back and forth. {@linkcode connect} makes it.
 *
 * @example
 * ```ts
 * import { type Comm, CommClosedError, connect } from "@brine/brine/dask";
 * import { rejects } from "node:assert/strict";
 *
 * async function workersOf(address: string): Promise<string[]> {
 *   const comm: Comm = await connect(address, { timeout: 2_000 });
 *   try {
 *     const { workers } = await comm.request("identity") as { workers: object };
 *     return Object.keys(workers);
 *   } finally {
 *     await comm.close();
 *   }
 * }
 * await rejects(workersOf("tcp://127.0.0.1:1"), CommClosedError);
 * ```
 */
export class Comm {
  /** The address of the other side. */
  readonly address: string;
  /** What the other side told of itself. */
  readonly remote: HandshakeInfo;
  /** The compression that both agreed on. */
  readonly compression: string | null;

  readonly #transport: Transport;
  readonly #options: ConnectOptions;
  readonly #context: DaskContext;
  /** Settles when whoever came before is done: one request at a time, and one message. */
  #turn: Promise<unknown> = Promise.resolve();
  #sending: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(
    address: string,
    transport: Transport,
    ends: { readonly local: HandshakeInfo; readonly remote: HandshakeInfo },
    options: ConnectOptions,
  ) {
    const { local, remote } = ends;
    this.address = address;
    this.remote = remote;
    this.compression = local.compression === remote.compression
      ? local.compression
      : null;
    this.#transport = transport;
    this.#options = options;
    this.#context = {
      compression: this.compression,
      "pickle-protocol": Math.min(
        local["pickle-protocol"],
        remote["pickle-protocol"],
      ),
      sender: local,
      recipient: { ...remote, address },
    };
  }

  /** Whether it is gone, or about to be. */
  get isClosed(): boolean {
    return this.#transport.isClosed;
  }

  /** Settles when it is gone, whoever ended it. */
  get closed(): Promise<void> {
    return this.#transport.closed;
  }

  /** What values are serialized with that are sent here. */
  get context(): DaskContext {
    return this.#context;
  }

  /** Bytes of a frame at most, on this kind of connection. */
  get frameSplitSize(): number {
    return this.#transport.frameSplitSize;
  }

  /**
   * Sends a message.
   *
   * @param message The message: plain data, in which `toSerialize` marks values.
   * @param options What ends the wait.
   * @throws {SerializeError} If it holds what no message can; the connection stays.
   * @throws {CommClosedError} If the connection is gone, or nothing moves for too long.
   */
  async send(message: unknown, options: WaitOptions = {}): Promise<void> {
    const frames = dumps(message, {
      context: this.#context,
      frameSplitSize: this.frameSplitSize,
      layout: this.#options.layout,
    });
    const sent = this.#sending.then(() =>
      this.#watched(() => this.#transport.send(frames), options)
    );
    this.#sending = sent.catch(() => {});
    await sent;
  }

  /**
   * The next message. Only one may be waited for at a time.
   *
   * @param options What ends the wait, and how values are read.
   * @returns The message.
   * @throws {FormatError} If it is no message.
   * @throws {LimitError} If it is larger than is accepted; the connection is gone then.
   * @throws {TruncatedError} If the connection was cut within it.
   * @throws {CommClosedError} If the connection is gone, or nothing comes for too long.
   */
  async receive(options: ReceiveOptions = {}): Promise<unknown> {
    const frames = await this.#watched(
      () => this.#transport.receive(),
      options,
    );
    return this.#read(frames, options);
  }

  /**
   * Asks for something, and gives the answer. Requests on one connection wait for each other.
   *
   * @param op What is asked for, such as `"identity"`.
   * @param args Arguments by name.
   * @param options What ends the wait, and how values are read.
   * @returns The answer; `null` also if the other side does not know what was asked for.
   * @throws {RemoteError} If the other side failed; with its traceback.
   * @throws {CommClosedError} If the connection is gone, or nothing comes for too long.
   */
  async request(
    op: string,
    args: Readonly<Record<string, unknown>> = {},
    options: ReceiveOptions = {},
  ): Promise<unknown> {
    return await this.exchange(async () => {
      await this.send({ op, ...args, reply: true }, options);
      const reply = await this.receive(options);
      const what = `Cannot ${op} at ${this.address}`;
      const failure = failureOf(reply, what, this.#options.read ?? {});
      if (failure) throw failure;
      return reply;
    });
  }

  /**
   * Runs something that sends and receives, when nothing else like it is under way.
   *
   * @internal
   */
  async exchange<T>(body: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(body);
    this.#turn = result.catch(() => {});
    return await result;
  }

  /** Ends the connection, once all is sent. */
  async close(): Promise<void> {
    await this.#sending;
    const closing = new CommClosedError(
      this.address,
      `The connection to ${this.address} was closed here`,
    );
    if (!this.isClosed) this.#transport.end(closing);
    // The other side has a moment to do the same.
    const timer = setTimeout(() => this.#transport.destroy(closing), GRACE);
    await this.closed;
    clearTimeout(timer);
    this.#transport.destroy(closing);
  }

  /**
   * Ends the connection at once.
   *
   * @param reason What whoever waits is to get.
   */
  abort(reason?: unknown): void {
    this.#transport.destroy(
      reason ?? new CommClosedError(
        this.address,
        `The connection to ${this.address} was given up here`,
      ),
    );
  }

  #read(frames: readonly Bytes[], { deserialize }: ReceiveOptions): unknown {
    const { read } = this.#options;
    return loads(frames, { ...read, arrays: "list", deserialize });
  }

  async #watched<T>(
    work: () => Promise<T>,
    options: WaitOptions,
  ): Promise<T> {
    const { signal, timeout = this.#options.timeout ?? PATIENCE } = options;
    signal?.throwIfAborted();
    const stop = watch(this.#transport, { signal, timeout }, () => {
      const why = `nothing came or went for ${timeout} ms`;
      const text = `Lost the connection to ${this.address}: ${why}`;
      return new CommClosedError(this.address, text, { cause: timeUp(why) });
    });
    try {
      return await work();
    } finally {
      stop();
    }
  }
}

/** By its name it is known that only the time is up, as with `AbortSignal.timeout`. */
export function timeUp(why: string): DOMException {
  return new DOMException(why, "TimeoutError");
}

/** In milliseconds. */
export const PATIENCE = 30_000;
const GRACE = 1_000;
