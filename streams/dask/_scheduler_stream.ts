import { FormatError } from "../../src/errors.ts";
import { failureOf, remoteError } from "./_remote_error.ts";
import { type Deferred, deferred } from "./_transport.ts";
import type { Comm } from "./comm.ts";
import type { DaskKey } from "./keys.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a scheduler tells a client of one key. */
export interface KeyNotice {
  /** It is there to be gathered; its task failed; its last holder is gone; or it will never come. */
  readonly kind: "memory" | "erred" | "lost" | "cancelled";
  /** The key. */
  readonly key: DaskKey;
  /** Why its task failed: a `RemoteError`. */
  readonly error?: Error | undefined;
  /** Why it was cancelled. */
  readonly reason?: string | undefined;
}

/** What is done with what comes. */
export interface StreamEvents {
  notice(notice: KeyNotice): void;
  /** No more comes; without a reason because it was closed here. */
  end(reason: Error | undefined): void;
}

const MAX_HEARTBEAT = 600_000;

/** The connection by which a client is known to a scheduler: lists of messages both ways, none of which is answered. */
export class SchedulerStream {
  readonly #comm: Comm;
  readonly #id: string;
  readonly #events: StreamEvents;
  readonly #ended: Deferred<void> = deferred();
  #batch: Fields[] = [];
  #isClosing = false;
  #heartbeat: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    comm: Comm,
    id: string,
    heartbeat: number,
    events: StreamEvents,
  ) {
    this.#comm = comm;
    this.#id = id;
    this.#heartbeat = heartbeat;
    this.#events = events;
  }

  /** Registers a client; the connection is good for nothing else afterwards. */
  static async open(
    comm: Comm,
    id: string,
    options: {
      readonly heartbeat: number;
      readonly events: StreamEvents;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<SchedulerStream> {
    const { heartbeat, events, signal } = options;
    try {
      await register(comm, id, signal);
    } catch (error) {
      comm.abort(error);
      throw error;
    }
    const stream = new SchedulerStream(comm, id, heartbeat, events);
    void stream.#listen();
    stream.#beat();
    return stream;
  }

  /** Sends a message, with others that come at the same time. */
  send(op: string, fields: Fields = {}): void {
    if (this.#isClosing) return;
    this.#batch.push({ op, client: this.#id, ...fields });
    if (this.#batch.length === 1) queueMicrotask(() => this.#flush());
  }

  /** Says goodbye, and waits until the scheduler has heard of it. */
  async close(): Promise<void> {
    if (!this.#isClosing) {
      this.send("close-client");
      this.#batch.push({ op: "close-stream" });
      this.#isClosing = true;
    }
    await Promise.race([this.#ended.promise, this.#comm.closed, pause(GRACE)]);
    await this.#comm.close();
    await this.#ended.promise;
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    // Who listens hears of it.
    this.#comm.send(batch).catch((error) => this.#comm.abort(error));
  }

  #beat(): void {
    this.#timer = setTimeout(() => {
      this.send("heartbeat-client");
      this.#beat();
    }, this.#heartbeat);
  }

  async #listen(): Promise<void> {
    let reason: Error | undefined;
    try {
      for (let isOpen = true; isOpen;) {
        const batch = await this.#comm.receive({
          timeout: Infinity,
          deserialize: false,
        });
        for (const message of messagesIn(batch)) {
          if (message.op === "stream-closed") isOpen = false;
          else this.#take(message);
        }
      }
    } catch (error) {
      reason = error as Error;
    }
    clearTimeout(this.#timer);
    const wasClosing = this.#isClosing;
    this.#isClosing = true;
    if (!wasClosing) this.#comm.abort(reason);
    this.#events.end(wasClosing ? undefined : reason ?? closedThere());
    this.#ended.resolve();
  }

  #take(message: Fields): void {
    const { op, key, keys, reason, interval } = message;
    const one = { key: key as DaskKey };
    switch (op) {
      case "key-in-memory":
        return this.#events.notice({ kind: "memory", ...one });
      case "task-erred": {
        const what = `The task of ${JSON.stringify(key)} failed`;
        const error = remoteError(message, what, {});
        return this.#events.notice({ kind: "erred", ...one, error });
      }
      case "lost-data":
        return this.#events.notice({ kind: "lost", ...one });
      case "cancelled-keys":
        for (const key of Array.isArray(keys) ? keys : []) {
          this.#events.notice({
            kind: "cancelled",
            key,
            reason: typeof reason === "string" ? reason : undefined,
          });
        }
        return;
      case "adjust-heartbeat-interval":
        if (typeof interval === "number" && interval > 0) {
          this.#heartbeat = Math.min(interval * 1000, MAX_HEARTBEAT);
        }
    }
  }
}

async function register(
  comm: Comm,
  id: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const hello = { op: "register-client", client: id, versions: {} };
  await comm.send({ ...hello, reply: false }, { signal });
  const first = await comm.receive({ signal });
  const failure = failureOf(first, "Cannot register", {});
  if (failure) throw failure;
  const [start] = messagesIn(first);
  if (start?.op !== "stream-start") {
    throw new FormatError("dask", "this is no scheduler");
  }
}

/** In milliseconds. */
const GRACE = 1_000;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function closedThere(): Error {
  return new FormatError("dask", "the scheduler has ended the stream");
}

/** The messages of a batch; other things than maps say nothing. */
function messagesIn(batch: unknown): Fields[] {
  const list = Array.isArray(batch) ? batch : [batch];
  return list.filter((item) => typeof item === "object" && item !== null);
}
