/**
 * The server, from the other side.
 *
 * @module
 */
import {
  type Bytes,
  compress,
  type FormatOptions,
  RemoteError,
  serialize,
  split,
} from "../../mod.ts";
import { ndjson } from "../../streams/ndjson.ts";
import { messages } from "../../streams/presets.ts";
import { type Ask, Refused, resumed } from "./_resume.ts";
import type {
  Client,
  ClientOptions,
  ConvertOptions,
  DownloadOptions,
  InspectedLine,
  KnownFormats,
  PrefectOptions,
  Verified,
  VerifyOptions,
} from "./client_types.ts";

/**
 * A client of the server.
 *
 * @param url Where the server is: what its paths are below.
 * @param options A token, and how to fetch.
 * @returns The client. What the server refuses is a {@linkcode RemoteError}, with its status and all that it says as the `cause`.
 *
 * @example
 * ```ts
 * import { createClient, serve } from "@brine/brine/server";
 * import { deepEqual } from "node:assert/strict";
 *
 * const server = await serve({ token: "secret" });
 * const client = createClient(server.url, { token: "secret" });
 *
 * const values = [];
 * for await (const value of await client.values('{"a":1}\n{"a":2}\n', { from: "ndjson" })) values.push(value);
 * deepEqual(values, [{ a: 1 }, { a: 2 }]);
 * deepEqual(await client.verify("[1,2]", { from: "json-array" }), { ok: true, values: 2, bytes: 5 });
 * await server.close();
 * ```
 */
export function createClient(
  url: string | URL,
  options: ClientOptions = {},
): Client {
  const { token, format = {} } = options;
  const base = new URL(String(url).replace(/\/?$/, "/"));
  const given = options.fetch ?? globalThis.fetch;
  const send = async (path: string | URL, init: RequestInit) => {
    const url = new URL(path, base);
    const headers = new Headers(init.headers);
    // What only this server is to know.
    if (url.origin === base.origin) {
      new Headers(options.headers).forEach((value, name) =>
        headers.set(name, value)
      );
      if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    }
    return await given(new Request(url, { ...init, headers }));
  };
  const get = async (path: string) => await good(await send(path, {}));
  const post = async (path: string, query: object, body: BodyInit) => {
    const { signal, ...rest } = query as { signal?: AbortSignal };
    return await good(
      await send(withQuery(path, rest), {
        method: "POST",
        body,
        duplex: "half",
        ...signal && { signal },
      } as RequestInit),
    );
  };
  const bodyOf = (response: Response) => response.body as ReadableStream<Bytes>;

  return {
    async convert(body, options: ConvertOptions) {
      return bodyOf(await post("convert", options, body));
    },
    async values<T>(body: BodyInit, options: ConvertOptions = {}) {
      const query = { ...options, to: "brine" };
      const bytes = bodyOf(await post("convert", query, body));
      return bytes.pipeThrough(messages<T>(format).decoder());
    },
    async inspect(body, options = {}) {
      const bytes = bodyOf(await post("inspect", options, body));
      return bytes.pipeThrough(
        ndjson().decoder() as TransformStream<Bytes, InspectedLine>,
      );
    },
    async verify(body, options: VerifyOptions = {}) {
      const response = await post("verify", options, body);
      return await response.json() as Verified;
    },
    async formats() {
      return await (await get("formats")).json() as KnownFormats;
    },
    async prefect<T>(key: string, options: PrefectOptions = {}) {
      const path = `prefect/${encodeURIComponent(key)}`;
      const query = { ...options, to: "brine" };
      const bytes = bodyOf(await get(withQuery(path, query)));
      return bytes.pipeThrough(messages<T>(format).decoder());
    },
    download<T>(path: string | URL, options: DownloadOptions = {}) {
      const { signal, retries = 5, delay = 100 } = options;
      const ask = rangesOf(
        path,
        (headers) => send(path, { headers, ...signal && { signal } }),
      );
      return resumed(ask, { retries, delay, signal }, format)
        .pipeThrough(compress(undefined, format).decoder())
        .pipeThrough(split().decoder())
        .pipeThrough(serialize<T>(format as FormatOptions).decoder());
    },
  };
}

function withQuery(path: string, query: object): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}

/** Answers of one and the same version of what is stored, from an offset on. */
function rangesOf(
  path: string | URL,
  send: (headers: Record<string, string>) => Promise<Response>,
): Ask {
  let tag: string | null = null;
  return async (offset) => {
    // Offsets are of the bytes as stored, so they have to come as stored.
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (offset > 0) {
      headers.range = `bytes=${offset}-`;
      if (tag !== null) headers["if-range"] = tag;
    }
    const response = await send(headers);
    // A server that is overloaded, or about to end, may do better soon.
    const { status } = response;
    if (status >= 500 || status === 429 || status === 408) {
      await response.body?.cancel();
      throw new TypeError(
        `Cannot read ${path}: the server says ${status}`,
      );
    }
    await good(response);
    const now = response.headers.get("etag");
    const begins = response.headers.get("content-range") ?? "";
    const fits = offset === 0 ||
      (status === 206 && begins.startsWith(`bytes ${offset}-`));
    if (!fits || (tag !== null && now !== null && now !== tag)) {
      await response.body?.cancel();
      throw new Refused(
        `Cannot go on with ${path}: it has changed, or the server has no ranges`,
      );
    }
    tag ??= now;
    return response.body as ReadableStream<Bytes>;
  };
}

/** An answer that is none of the server's refusals. */
async function good(response: Response): Promise<Response> {
  if (response.ok) return response;
  const { status } = response;
  const text = await response.text();
  const said = parsed(text);
  const message = said?.message ?? `The server says ${status}`;
  throw new RemoteError(message, { cause: { status, ...said } });
}

function parsed(text: string): { message?: string } | undefined {
  try {
    return JSON.parse(text).error;
  } catch {
    return undefined;
  }
}
