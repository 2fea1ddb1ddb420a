import type { Bytes } from "../../src/types.ts";

/** Frames there and back, whatever carries them. */
export interface Transport {
  /** Bytes of a frame at most; longer ones are cut before they get here. */
  readonly frameSplitSize: number;
  /** When bytes moved last, in milliseconds of `performance.now`. */
  readonly lastActive: number;
  /** Whether nothing can be sent any more. */
  readonly isClosed: boolean;
  /** Settles when no more comes, for whatever reason. */
  readonly closed: Promise<void>;
  /** Settles when the frames are on their way, so that they may change again. */
  send(frames: readonly Bytes[]): Promise<void>;
  /** The next message. */
  receive(): Promise<Bytes[]>;
  /** Ends it once all is sent; the reason is for whoever comes later. */
  end(reason: Error): void;
  /** Ends it at once: whoever sends or receives gets the reason. */
  destroy(reason: unknown): void;
}

/** A promise, and how it is settled; for whoever may not have `Promise.withResolvers`. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** Makes one. Nobody has to listen to it. */
export function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}

/** What ends a wait. */
export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds in which bytes have to move; `Infinity` for any time. */
  readonly timeout: number;
}

/**
 * Destroys a transport when a signal says so, or when nothing has moved for too long. One timer for all of it: bytes that
 * move do not set it again. The signal is one that has not come yet.
 *
 * @returns What ends the watch.
 */
export function watch(
  transport: Transport,
  { signal, timeout }: WatchOptions,
  tooLate: () => Error,
): () => void {
  const from = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    const last = Math.max(from, transport.lastActive);
    const left = last + timeout - performance.now();
    if (left <= 0) transport.destroy(tooLate());
    else timer = setTimeout(look, Math.min(left + 1, MAX_DELAY));
  };
  if (timeout < Infinity) look();
  const abort = () => transport.destroy(signal!.reason);
  signal?.addEventListener("abort", abort, { once: true });
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  };
}

/** What timers take at most. */
const MAX_DELAY = 2 ** 31 - 1;
