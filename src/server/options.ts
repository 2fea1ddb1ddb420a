import type { FormatOptions } from "../../mod.ts";
import type { AccessEntry } from "./_exchange.ts";

/** As much as is used here of a `Client` of Dask. */
export interface DaskDatasets {
  /** Settles when it has gone. */
  readonly closed?: Promise<unknown>;
  /** The names under which something is published. */
  listDatasets(): Promise<readonly unknown[]>;
  /**
   * What is published under a name.
   *
   * @param name The name.
   */
  getDataset(
    name: string,
  ): Promise<
    { readonly keys: readonly unknown[]; value(): unknown } | undefined
  >;
  /**
   * The values of keys.
   *
   * @param keys The keys.
   */
  gather(keys: readonly unknown[]): Promise<unknown[]>;
}

/** Options for {@linkcode createApp}. */
export interface ServerOptions {
  /** Bytes that are accepted of one body, as they are sent. @default {1_073_741_824} */
  readonly maxBodyBytes?: number;
  /**
   * Bytes that a body may come to once it is decompressed: by its `Content-Encoding`, and again by the frames inside.
   *
   * @default {4_294_967_296}
   */
  readonly maxDecodedBytes?: number;
  /** Seconds from a request to the last byte of its answer; then it is given up, wherever it stands. @default {none} */
  readonly maxSeconds?: number;
  /** Requests at once; one more is told to come again. `/health` and `/metrics` always answer. @default {none} */
  readonly maxConcurrent?: number;
  /**
   * Options of all formats: registry, family, and limits. Of a message and of a frame the server accepts 64 MiB if nothing
   * else is said here.
   */
  readonly format?: FormatOptions;
  /** Origins whose pages may use the server, or `"*"`. @default {none} */
  readonly cors?: string | string[];
  /** Who knows one of these may use the server: `Authorization: Bearer …`, RFC 6750. @default {everybody} */
  readonly token?: string | string[];
  /** Told of every request, when its answer has ended. @default {nobody} */
  readonly log?: (entry: AccessEntry) => void;
  /** Told how many bytes have passed, of a body or of an answer, whenever some have. @default {nobody} */
  readonly onBytes?: (count: number) => void;
  /** Whether `GET /metrics` tells what was counted, as Prometheus reads it. @default {false} */
  readonly metrics?: boolean;
  /** Whether there are `GET /openapi.json` and `GET /docs`. @default {true} */
  readonly docs?: boolean;
  /** A folder, or a prefix of URLs, where Prefect stores results: what `GET /prefect/:key` reads. @default {none} */
  readonly prefect?: string | URL;
  /** A folder, or a prefix of URLs, of what `GET /files/:key` sends, whole or by range. @default {none} */
  readonly files?: string | URL;
  /**
   * A client of Dask, or what makes one when it is first needed, and again when it has gone: of what `GET /dask/:name` reads.
   *
   * @default {none}
   */
  readonly dask?:
    | DaskDatasets
    | (() => DaskDatasets | Promise<DaskDatasets>);
  /** Answers what no route does: a page, say. What it gives with status 404 is taken for no answer. @default {none} */
  readonly page?: (request: Request) => Response | Promise<Response>;
  /**
   * Told of every error that is not the client's, and of which the client therefore is told nothing.
   *
   * @default {console.error}
   */
  readonly onError?: (error: unknown) => void;
}

/** What has to be known of a body, and of the values in it. */
export type Limits = Required<
  Pick<
    ServerOptions,
    "maxBodyBytes" | "maxDecodedBytes" | "format" | "onError"
  >
>;

/** The same options, with nothing left open that has to be known. */
export type Settings = Omit<ServerOptions, keyof Limits> & Limits;

/** The options, with defaults. */
export function settingsOf(options: ServerOptions): Settings {
  return {
    maxBodyBytes: 2 ** 30,
    maxDecodedBytes: 2 ** 32,
    onError: (error) => console.error(error),
    ...options,
    format: {
      maxMessageBytes: 2 ** 26,
      maxFrameBytes: 2 ** 26,
      ...options.format,
    },
  };
}
