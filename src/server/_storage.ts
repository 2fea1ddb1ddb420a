import type { Bytes } from "../../mod.ts";
import { HTTPException } from "hono/http-exception";
import { folderStorage } from "./_folder.ts";
import { prefixOf } from "./_place.ts";

/** Where things are at rest, by name: a fetch of one of them, with `range`, `if-range` and `if-none-match` understood. */
export type Storage = (key: string, headers: Headers) => Promise<Response>;

/** What is passed on to a server behind this one, and what of its answer is passed back. */
const ASKED = ["range", "if-range", "if-none-match"];
const TOLD = [
  "accept-ranges",
  "content-length",
  "content-range",
  "content-type",
  "etag",
];

/** A folder of this machine, or everything below a URL. */
export function storageAt(place: string | URL): Storage {
  const prefix = prefixOf(place);
  const storage = prefix ? urlStorage(prefix) : folderStorage(place);
  return async (key, headers) => {
    checkKey(key);
    return await storage(key, headers);
  };
}

/**
 * A key is one segment of a path, and nothing that a file system or a URL could take for anything else. That of a request has been
 * decoded: what was `%2F` is a slash here.
 */
function checkKey(key: string): void {
  // deno-lint-ignore no-control-regex
  const isName = /^[^/\\:\x00-\x1f\x7f]{1,255}$/.test(key) &&
    !/^\.+$/.test(key) && !key.includes("%");
  if (!isName) {
    throw new HTTPException(400, {
      message:
        "Cannot take this key: it is a name, without slashes and what stands for them",
    });
  }
}

function urlStorage(base: URL): Storage {
  return async (key, asked) => {
    const headers = pick(asked, ASKED);
    // Offsets are of the bytes as stored, so they have to come as stored.
    headers.set("accept-encoding", "identity");
    const url = new URL(encodeURIComponent(key), base);
    // One that leads elsewhere would leave the prefix.
    const response = await fetch(url, { headers, redirect: "manual" });
    const { status, body } = response;
    if ([200, 206, 304, 404, 416].includes(status)) {
      return new Response(body as ReadableStream<Bytes> | null, {
        status,
        headers: pick(response.headers, TOLD),
      });
    }
    await body?.cancel();
    throw new HTTPException(502, {
      message: `Cannot read what is stored: its server says ${status}`,
    });
  };
}

function pick(headers: Headers, names: readonly string[]): Headers {
  const picked = new Headers();
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) picked.set(name, value);
  }
  return picked;
}
