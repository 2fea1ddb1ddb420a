import type { DeserializeOptions } from "../../src/dask/deserialize.ts";
import type { HeaderLayout } from "../../src/dask/serialize.ts";

/** Certificates of a connection by `tls://`, as text in PEM. */
export interface TlsOptions {
  /** The authorities that are trusted. @default those of the runtime */
  readonly ca?: string | readonly string[] | undefined;
  /** The certificate to show: Dask's schedulers and workers ask for one. */
  readonly cert?: string | undefined;
  /** The key of that certificate. */
  readonly key?: string | undefined;
  /** Whether the other side's certificate has to bear its name. Dask does not look at it. @default whether there is no `ca` */
  readonly verifyName?: boolean | undefined;
  /** The name that it has to bear. @default the host of the address */
  readonly serverName?: string | undefined;
}

/** As much of a `WebSocket` as is used. */
export interface WebSocketLike {
  /** How bytes arrive. */
  binaryType: string;
  /** Bytes that are not sent yet. */
  readonly bufferedAmount: number;
  /** Sends a message. */
  send(data: Uint8Array<ArrayBuffer>): void;
  /** Ends it. */
  close(): void;
  /** Listens. */
  // deno-lint-ignore no-explicit-any
  addEventListener(type: string, listener: (event: any) => void): void;
}

/** A class of web sockets. */
export type WebSocketClass = new (url: string) => WebSocketLike;

/** What ends a wait. */
export interface WaitOptions {
  /** Ends it, and the connection with it. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds in which no byte comes or goes before it is given up. `Infinity` for any time. @default {30_000} */
  readonly timeout?: number | undefined;
}

/** Options for `connect`. */
export interface ConnectOptions extends WaitOptions {
  /**
   * The compression that is offered: `"lz4"`, `"snappy"`, `"zlib"`, `"zstd"`. It is used if the other side has the same set,
   * which it has not on the same machine.
   *
   * @default none
   */
  readonly compression?: string | null | undefined;
  /** Certificates, for `tls://`. */
  readonly tls?: TlsOptions | undefined;
  /** Bytes of a message that are accepted. @default {4_294_967_296} */
  readonly maxMessageBytes?: number | undefined;
  /** Frames of a message that are accepted. @default {4_194_304} */
  readonly maxFrames?: number | undefined;
  /** The class of web sockets. @default {globalThis.WebSocket} */
  readonly webSocket?: WebSocketClass | undefined;
  /** How values are read. */
  readonly read?: DeserializeOptions | undefined;
  /** Which versions read the headers that are written. @default {"nested"} */
  readonly layout?: HeaderLayout | undefined;
}

/** Options for `Client.connect`. */
export interface ClientOptions extends ConnectOptions {
  /** Whether values are gathered from workers themselves, if these can be reached. @default {true} */
  readonly direct?: boolean | undefined;
  /** Connections at most. @default {128} */
  readonly maxConnections?: number | undefined;
  /** Connections at most to one address: workers serve only so many at a time. @default {8} */
  readonly maxPerAddress?: number | undefined;
  /** Milliseconds between signs of life, until the scheduler asks for others. @default {5_000} */
  readonly heartbeat?: number | undefined;
}

/** Options for `Client.scatter`. */
export interface ScatterOptions extends WaitOptions {
  /** The addresses of workers to put them at. @default any */
  readonly workers?: readonly string[] | undefined;
  /** To how many workers each goes; `true` for all. @default one */
  readonly broadcast?: boolean | number | undefined;
  /** Whether they go to workers by themselves, and not through the scheduler. @default {false} */
  readonly direct?: boolean | undefined;
}

/** Options for `Client.gather`. */
export interface GatherOptions extends WaitOptions {
  /** Whether they come from workers by themselves. @default as the client was told */
  readonly direct?: boolean | undefined;
  /** How values are read. */
  readonly read?: DeserializeOptions | undefined;
}
