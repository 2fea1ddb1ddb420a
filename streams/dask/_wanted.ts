import type { KeyNotice } from "./_scheduler_stream.ts";
import { type Deferred, deferred } from "./_transport.ts";
import { LostKeyError } from "./errors.ts";
import { type DaskKey, KeyMap } from "./keys.ts";

/** A key that the scheduler is to keep for this client. */
interface Wanted {
  /** Whether the user wants it, until it is released. */
  held: boolean;
  /** How many wait for it. */
  waits: number;
  /** What became of it, so far as that is known. */
  state: KeyNotice["kind"] | undefined;
  error: Error | undefined;
  /** Settles when something becomes of it. */
  next: Deferred<void>;
}

/** The keys that a client wants, and what it was told of them. */
export class WantedKeys {
  readonly #keys = new KeyMap<Wanted>();
  readonly #send: (op: string, keys: readonly DaskKey[]) => void;
  #end: { readonly reason: Error } | undefined;

  constructor(send: (op: string, keys: readonly DaskKey[]) => void) {
    this.#send = send;
  }

  /** Asks the scheduler to keep keys, and to tell of them. */
  hold(keys: readonly DaskKey[], options: { known?: boolean } = {}): void {
    for (const wanted of this.#want(keys, options.known)) wanted.held = true;
  }

  /** Lets go of keys; who still waits for one may do so. */
  release(keys: readonly DaskKey[]): void {
    for (const key of keys) {
      const wanted = this.#keys.get(key);
      if (wanted) wanted.held = false;
    }
    this.#drop(keys);
  }

  /** Settles when all are in memory. */
  async wait(keys: readonly DaskKey[], signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const aborted = deferred<never>();
    const abort = () => aborted.reject(signal!.reason);
    const all = this.#want(keys);
    for (const wanted of all) wanted.waits++;
    signal?.addEventListener("abort", abort, { once: true });
    try {
      const settled = all.map((wanted, i) => this.#settled(keys[i]!, wanted));
      await Promise.race([Promise.all(settled), aborted.promise]);
    } finally {
      signal?.removeEventListener("abort", abort);
      for (const wanted of all) wanted.waits--;
      this.#drop(keys);
    }
  }

  /** Takes note of what the scheduler tells. */
  take({ key, kind, error }: KeyNotice): void {
    const wanted = this.#keys.get(key);
    if (!wanted) return;
    wanted.state = kind;
    wanted.error = error;
    const { next } = wanted;
    wanted.next = deferred();
    next.resolve();
  }

  /** Nothing will be told any more. */
  fail(reason: Error): void {
    this.#end ??= { reason };
    for (const { next } of this.#keys.values()) next.resolve();
  }

  async #settled(key: DaskKey, wanted: Wanted): Promise<void> {
    for (;;) {
      if (this.#end) throw this.#end.reason;
      switch (wanted.state) {
        case "memory":
          return;
        case "erred":
          throw wanted.error;
        case "cancelled":
          throw new LostKeyError([key], "it was cancelled");
      }
      // What was lost may be computed once more.
      await wanted.next.promise;
    }
  }

  #want(keys: readonly DaskKey[], known = false): Wanted[] {
    const added: DaskKey[] = [];
    const all = keys.map((key) => {
      const there = this.#keys.get(key);
      if (there) return there;
      const wanted: Wanted = {
        held: false,
        waits: 0,
        state: known ? "memory" : undefined,
        error: undefined,
        next: deferred(),
      };
      this.#keys.set(key, wanted);
      added.push(key);
      return wanted;
    });
    if (added.length > 0 && !known) this.#send("client-desires-keys", added);
    return all;
  }

  /** Tells the scheduler of those that nobody wants any more. */
  #drop(keys: readonly DaskKey[]): void {
    const dropped = keys.filter((key) => {
      const wanted = this.#keys.get(key);
      return wanted && !wanted.held && wanted.waits === 0 &&
        this.#keys.delete(key);
    });
    if (dropped.length > 0) this.#send("client-releases-keys", dropped);
  }
}
