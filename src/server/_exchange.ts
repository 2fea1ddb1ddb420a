import type { Context, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { routePath } from "hono/route";
import type { Bytes } from "../../mod.ts";
import { Gone } from "./_gone.ts";
import { Metrics } from "./_metrics.ts";
import type { Settings } from "./options.ts";
import { Pace } from "./_pace.ts";

/** How an answer ended: as it should, by an error, or because the client had gone. */
export type AnswerEnd = "whole" | "failed" | "aborted";

/** What is noted down of a request and its answer. */
export interface AccessEntry {
  /** When it came, as ISO 8601 has it. */
  readonly time: string;
  /** As in the header `X-Request-Id`. */
  readonly id: string;
  /** The method. */
  readonly method: string;
  /** The path, without the query. */
  readonly path: string;
  /** The status of the answer. */
  readonly status: number;
  /** How the answer ended. */
  readonly end: AnswerEnd;
  /** How long it took, to the last byte of the answer. */
  readonly seconds: number;
  /** Bytes that were read of the body, as sent. */
  readonly received: number;
  /** Bytes of the answer; 0 for short ones that take no work. */
  readonly sent: number;
  /** What went wrong: the client may have been told less. */
  readonly error?: string;
}

/** When time is up, so many milliseconds are left to tell the client. */
const GRACE = 1_000;

/** A request and its answer, until the last byte. */
export class Exchange {
  /** Bytes that were read of the body. */
  received = 0;
  /** Bytes of the answer. */
  sent = 0;
  /** Whether it is of those that take work, and of which there may be a limited number. */
  working = false;
  /** What has gone wrong since the answer began. */
  failure: unknown;
  readonly #onBytes: Settings["onBytes"];
  readonly #signal = new AbortController();
  readonly #timers: ReturnType<typeof setTimeout>[] = [];

  constructor({ maxSeconds, onBytes }: Settings) {
    this.#onBytes = onBytes;
    if (maxSeconds === undefined) return;
    const message = `Cannot go on: it took longer than ${maxSeconds} s`;
    const late = new HTTPException(408, { message });
    this.#after(maxSeconds * 1_000, () => this.#signal.abort(late));
  }

  /** Bytes of the body have been read. */
  receive(count: number): void {
    this.received += count;
    this.#onBytes?.(count);
  }

  /** Aborted when time is up. */
  get signal(): AbortSignal {
    return this.#signal.signal;
  }

  #after(milliseconds: number, then: () => void): void {
    this.#timers.push(setTimeout(then, milliseconds));
  }

  /** The body of the answer; tells when it has ended, and how. */
  watch(
    body: ReadableStream<Bytes>,
    tell: (end: AnswerEnd, error?: unknown) => void,
  ): ReadableStream<Bytes> {
    const reader = body.getReader();
    const pace = new Pace();
    const end = (end: AnswerEnd, error?: unknown) => {
      this.rest();
      tell(this.failure === undefined ? end : "failed", this.failure ?? error);
    };
    return new ReadableStream<Bytes>({
      start: (controller) => {
        // Who does not read what the failure was, is not waited for.
        const giveUp = () => {
          controller.error(this.signal.reason);
          reader.cancel(this.signal.reason).catch(() => {});
          end("failed", this.signal.reason);
        };
        const late = () => this.#after(GRACE, giveUp);
        if (this.signal.aborted) late();
        else this.signal.addEventListener("abort", late, { once: true });
      },
      pull: async (controller) => {
        try {
          await pace.turn;
          const { done, value } = await reader.read();
          if (done) {
            controller.close();
            return end("whole");
          }
          pace.sent();
          this.sent += value.length;
          this.#onBytes?.(value.length);
          controller.enqueue(value);
        } catch (error) {
          end("failed", error);
          throw error;
        }
      },
      cancel: (reason) => {
        end("aborted");
        return reader.cancel(reason);
      },
    }, { highWaterMark: 0 });
  }

  /** Nothing is waited for any more. */
  rest(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
  }
}

/** All exchanges of an app. */
export class Exchanges {
  readonly metrics: Metrics = new Metrics();
  readonly #settings: Settings;
  #active = 0;
  #closing = false;
  #idle: (() => void)[] = [];

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Those under way. */
  get active(): number {
    return this.#active;
  }

  /** Takes no more, and waits until those that are under way have ended. */
  close(): Promise<void> {
    this.#closing = true;
    if (this.#active === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Before all else: watches over each of them. */
  get middleware(): MiddlewareHandler {
    return async (c, next) => {
      const start = performance.now();
      const exchange = new Exchange(this.#settings);
      c.set("exchange", exchange);
      let ended = false;
      const end = (how: AnswerEnd, error?: unknown) => {
        if (ended) return;
        ended = true;
        this.#end(c, exchange, start, how, error);
      };
      try {
        await next();
      } catch (error) {
        // Hono leaves what is no Error to the runtime.
        exchange.rest();
        end("failed", error);
        throw error;
      }
      if (c.error instanceof Gone) {
        exchange.rest();
        return end("aborted");
      }
      const body = c.res.body as ReadableStream<Bytes> | null;
      const isSent = c.req.method !== "HEAD";
      if (exchange.working && body && isSent) {
        c.res = new Response(exchange.watch(body, end), c.res);
        return;
      }
      if (!isSent) await body?.cancel();
      exchange.rest();
      end(c.error && c.res.status >= 500 ? "failed" : "whole", c.error);
    };
  }

  /** Before those that take work: whether there are too many. */
  get guard(): MiddlewareHandler {
    return async (c, next) => {
      const { maxConcurrent = Infinity } = this.#settings;
      if (this.#closing) {
        throw new HTTPException(503, {
          message: "Cannot take more: the server is about to end",
        });
      }
      if (this.#active >= maxConcurrent) {
        throw new HTTPException(503, {
          message: `Cannot take more than ${maxConcurrent} requests at once`,
        });
      }
      exchangeOf(c)!.working = true;
      this.#active++;
      await next();
    };
  }

  #end(
    c: Context,
    { received, sent, working }: Exchange,
    start: number,
    end: AnswerEnd,
    error: unknown = c.error,
  ): void {
    const seconds = (performance.now() - start) / 1_000;
    const { method, path } = c.req;
    const { status } = c.res;
    const { log } = this.#settings;
    if (working) this.#active--;
    if (this.#active === 0) { for (const tell of this.#idle.splice(0)) tell(); }
    // The last that fits is the handler; or, if there is none, this.
    const found = routePath(c, -1);
    const route = found.endsWith("*") ? "other" : found;
    this.metrics.end({ method, route, status, end, seconds, received, sent });
    log?.({
      time: new Date(Date.now() - seconds * 1_000).toISOString(),
      id: c.get("requestId"),
      method,
      path,
      status,
      end,
      seconds,
      received,
      sent,
      ...error !== undefined && { error: String(error) },
    });
  }
}

/** The exchange that a context is of. */
export function exchangeOf(c: Context): Exchange | undefined {
  return c.get("exchange");
}
