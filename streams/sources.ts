/**
 * Bytes at rest.
 *
 * @module
 */
import type { Bytes } from "../src/types.ts";
import type { Source } from "./open.ts";

/**
 * A blob or a file as a source: what an `<input type="file">` gives, `Bun.file(path)`, or `openAsBlob(path)` of `node:fs`.
 *
 * @param blob The blob.
 * @returns The source.
 *
 * @example
 * ```ts
 * import { blobSource, dumps, open } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * const opened = await open(blobSource(new Blob([await dumps("hi")])));
 * equal(opened.length, 1);
 * ```
 */
export function blobSource(blob: Blob): Source {
  return {
    size: () => blob.size,
    read: (start, end) =>
      blob.slice(start, end).stream() as ReadableStream<Bytes>,
  };
}

/** Options for {@linkcode urlSource}. */
export interface UrlSourceOptions {
  /** What to fetch with. @default {globalThis.fetch} */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** Headers of every request, such as `authorization`. */
  readonly headers?: NonNullable<RequestInit["headers"]>;
}

/**
 * A URL as a source, by HTTP range requests, RFC 9110 §14. If the server names the version of what it sends (`ETag`), every
 * answer has to be of the same one.
 *
 * @param url The URL.
 * @param options How to fetch.
 * @returns The source. It fails with a `TypeError` if the server has no ranges, or what it has changed under way.
 *
 * @example
 * ```ts
 * import { dumps, open, urlSource } from "@brine/brine";
 * import { equal } from "node:assert/strict";
 *
 * // A server that answers ranges; any static file server does.
 * const bytes = await dumps("hi");
 * const fetch = (request: Request) => {
 *   if (request.method === "HEAD") {
 *     return Promise.resolve(
 *       new Response(null, { headers: { "content-length": `${bytes.length}` } }),
 *     );
 *   }
 *   const [, from, to] = request.headers.get("range")!.match(/bytes=(\d+)-(\d+)/)!;
 *   return Promise.resolve(
 *     new Response(bytes.slice(Number(from), Number(to) + 1), {
 *       status: 206,
 *       headers: { "content-range": `bytes ${from}-${to}/${bytes.length}` },
 *     }),
 *   );
 * };
 * const opened = await open(urlSource("https://example.com/a.brine", { fetch }));
 * equal(opened.length, 1);
 * ```
 */
export function urlSource(
  url: string | URL,
  { fetch = globalThis.fetch, headers }: UrlSourceOptions = {},
): Source {
  let tag: string | null | undefined;
  const request = async (method: string, range?: string) => {
    const all = new Headers(headers);
    if (range) all.set("range", range);
    // Ranges are of the bytes as stored, so they must come as stored.
    all.set("accept-encoding", "identity");
    const response = await fetch(new Request(url, { method, headers: all }));
    const now = response.headers.get("etag");
    tag ??= now;
    if (!response.ok || now !== (tag ?? null)) {
      await response.body?.cancel();
      throw new TypeError(
        response.ok
          ? `Cannot read ${url}: it has changed`
          : `Cannot read ${url}: the server says ${response.status}`,
      );
    }
    return response;
  };
  return {
    async size() {
      const response = await request("HEAD");
      const length = response.headers.get("content-length");
      if (length === null) {
        throw new TypeError(`Cannot read ${url}: its length is not told`);
      }
      return Number(length);
    },
    async read(start, end) {
      if (start >= end) return new Blob([]).stream() as ReadableStream<Bytes>;
      const response = await request("GET", `bytes=${start}-${end - 1}`);
      const given = response.headers.get("content-range") ?? "";
      const fits = given.startsWith(`bytes ${start}-${end - 1}/`);
      if (response.status !== 206 || !response.body || !fits) {
        await response.body?.cancel();
        throw new TypeError(`Cannot read ${url}: the server has no ranges`);
      }
      return response.body as ReadableStream<Bytes>;
    },
  };
}
