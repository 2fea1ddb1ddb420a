import type { Context } from "hono";
import { exchangeOf } from "./_exchange.ts";
import { Gone } from "./_gone.ts";

/** Aborted when time is up, or when the client has gone. */
export function signalOf(c: Context): AbortSignal {
  const stop = new AbortController();
  const when = (signal: AbortSignal | undefined, reason: () => unknown) => {
    const abort = () => stop.abort(reason());
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  };
  const { signal } = c.req.raw;
  when(signal, () => new Gone(signal.reason));
  const late = exchangeOf(c)?.signal;
  when(late, () => late!.reason);
  return stop.signal;
}
