import type { Bytes, FormatOptions } from "../../mod.ts";

/** Options for {@linkcode createClient}. */
export interface ClientOptions {
  /** What to fetch with. @default {globalThis.fetch} */
  readonly fetch?: (request: Request) => Response | Promise<Response>;
  /** Headers of every request to this server. */
  readonly headers?: NonNullable<RequestInit["headers"]>;
  /** What the server was given as `token`. */
  readonly token?: string;
  /** Registry and limits, for values that come. */
  readonly format?: FormatOptions;
}

/** What all requests may have. */
export interface CallOptions {
  /** Gives the request up, and what comes of it. */
  readonly signal?: AbortSignal;
}

/** What `POST /convert` is asked. */
export interface ConvertOptions extends CallOptions {
  /** The format of the body. @default what its type says */
  readonly from?: string;
  /** The format of the answer. @default {"brine"} */
  readonly to?: string;
  /** A codec. @default {none} */
  readonly compress?: string;
  /** Where the array is, in `json-array`. @default {"$[*]"} */
  readonly path?: string;
  /** Whether JSON may lose what it cannot hold. @default {false} */
  readonly lossy?: boolean;
}

/** What `POST /verify` is asked. */
export interface VerifyOptions extends CallOptions {
  /** The format of the body. @default what its type says */
  readonly from?: string;
  /** Whether the values are read, too. @default {false} */
  readonly deep?: boolean;
}

/** What `GET /prefect/:key` is asked. */
export interface PrefectOptions {
  /** The value, or the items of a list in JSON one by one. @default {"value"} */
  readonly part?: "value" | "items";
}

/** Options for {@linkcode Client.download}. */
export interface DownloadOptions extends CallOptions {
  /** Breaks in a row, without a whole message between them, before it fails. @default {5} */
  readonly retries?: number;
  /** Milliseconds until the first new attempt; each further one waits twice as long. @default {100} */
  readonly delay?: number;
}

/** What `POST /verify` found. */
export interface Verified {
  /** That nothing is wrong. */
  readonly ok: true;
  /** Messages, of formats that have them. */
  readonly messages?: number;
  /** Values. */
  readonly values: number;
  /** Bytes, decompressed. */
  readonly bytes: number;
}

/** A line of `POST /inspect`. */
export interface InspectedLine {
  /** Where a message begins. */
  readonly offset?: number;
  /** How long it is. */
  readonly byteLength?: number;
  /** The family that wrote it. */
  readonly family?: string;
  /** How many values it holds. */
  readonly values?: number;
  /** Its frames. */
  readonly frames?: readonly { codec: string | null; byteLength: number }[];
  /** Of the first message, the version of the wire. */
  readonly start?: number;
  /** Of the last message, what it tells. */
  readonly end?: { messages: number; values: number };
  /** In the last line, what there was. */
  readonly total?: { messages: number; values: number; bytes: number };
  /** In the last line, what was wrong. */
  readonly error?: { name: string; message: string; offset?: number };
}

/** What `GET /formats` tells. */
export interface KnownFormats {
  /** All formats. */
  readonly formats: readonly {
    name: string;
    description: string;
    mediaTypes: string[];
    extensions: string[];
    typed: boolean;
  }[];
  /** All codecs. */
  readonly codecs: readonly string[];
  /** What `Content-Encoding` may be. */
  readonly contentEncodings: readonly string[];
}

/** A client of the server: see {@linkcode createClient}. */
export interface Client {
  /**
   * A body in another format.
   *
   * @param body The body; streams are sent as they are read, where the runtime can.
   * @param options Formats.
   * @returns The bytes of the answer.
   */
  convert(
    body: NonNullable<RequestInit["body"]>,
    options: ConvertOptions,
  ): Promise<ReadableStream<Bytes>>;
  /**
   * The values in a body of any format.
   *
   * @typeParam T The type of the values; it is not checked.
   * @param body The body.
   * @param options Its format.
   * @returns The values.
   */
  values<T = unknown>(
    body: NonNullable<RequestInit["body"]>,
    options?: Omit<ConvertOptions, "to">,
  ): Promise<ReadableStream<T>>;
  /**
   * How a stream of Brine is built.
   *
   * @param body The stream.
   * @param options A signal.
   * @returns A line for each message, and one with the totals or the error.
   */
  inspect(
    body: NonNullable<RequestInit["body"]>,
    options?: CallOptions,
  ): Promise<ReadableStream<InspectedLine>>;
  /**
   * Whether a body is whole and right.
   *
   * @param body The body.
   * @param options Its format.
   * @returns What was found; what is wrong is thrown.
   */
  verify(
    body: NonNullable<RequestInit["body"]>,
    options?: VerifyOptions,
  ): Promise<Verified>;
  /** All formats and codecs that the server has. */
  formats(): Promise<KnownFormats>;
  /**
   * A result that Prefect stored.
   *
   * @typeParam T The type of the value; it is not checked.
   * @param key Its key.
   * @param options Whether its items are wanted, one by one.
   * @returns The value, or its items.
   */
  prefect<T = unknown>(
    key: string,
    options?: PrefectOptions,
  ): Promise<ReadableStream<T>>;
  /**
   * The values of a stream of Brine that is stored: `files/a.brine`, or any URL whose server has ranges. When the connection breaks,
   * it goes on after the last whole message, by a range request.
   *
   * @typeParam T The type of the values; it is not checked.
   * @param path Where it is: below the server's URL, or anywhere.
   * @param options How often to go on.
   * @returns The values, each exactly once.
   */
  download<T = unknown>(
    path: string | URL,
    options?: DownloadOptions,
  ): ReadableStream<T>;
}
