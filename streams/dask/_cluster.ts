import { RemoteError } from "../../src/errors.ts";
import type { DeserializeOptions } from "../../src/dask/deserialize.ts";
import type { ConnectionPool } from "./_pool.ts";
import type { WantedKeys } from "./_wanted.ts";
import type { ReceiveOptions } from "./comm.ts";
import type { HeaderLayout } from "../../src/dask/serialize.ts";

/** What the parts of a client share. */
export interface Cluster {
  /** The client, as the scheduler knows it. */
  readonly id: string;
  readonly pool: ConnectionPool;
  readonly wanted: WantedKeys;
  readonly read: DeserializeOptions;
  readonly layout: HeaderLayout | undefined;
  readonly timeout: number;
  /** What workers of this version have to be told with data that they get from a client; `undefined` until one was asked. */
  quietly: Readonly<Record<string, unknown>> | undefined;
  /** Asks the scheduler. */
  ask(
    op: string,
    args?: Readonly<Record<string, unknown>>,
    options?: ReceiveOptions,
  ): Promise<unknown>;
  /** Tells the scheduler something, by the stream. */
  tell(op: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Whether a version of Dask failed because it does not know of an argument, or no longer. */
export function isUnexpectedArgument(error: unknown): boolean {
  return error instanceof RemoteError &&
    error.message.includes("unexpected keyword argument");
}

/** Some time later, unless a signal comes before. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
