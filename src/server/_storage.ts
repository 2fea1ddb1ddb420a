import type { Bytes } from "../../mod.ts";
import { HTTPException } from "hono/http-exception";
import { folderStorage } from "./_folder.ts";
import { prefixOf } from "./_place.ts";

/** Where things are at rest, by name: a fetch of one of them, with `range`, `if-range` and `if-none-match` understood. */
export type Storage = (
  key: string,
  headers: Headers,
  signal: AbortSignal,
) => Promise<Response>;

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
  return async (key, headers, signal) => {
    checkKey(key);
    return await storage(key, headers, signal);
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
  return async (key, asked, signal) => {
    const headers = pick(asked, ASKED);
    // Offsets are of the bytes as stored, so they have to come as stored.
    headers.set("accept-encoding", "identity");
    const url = new URL(encodeURIComponent(key), base);
    // One that leads elsewhere would leave the prefix.
    const init: RequestInit = { headers, redirect: "manual", signal };
    const response = await fetch(url, init).catch(failing(signal));
    const { status, body } = response;
    // Lengths, ranges and versions are of the bytes as stored, which some runtimes would not give.
    const coding = response.ok && response.headers.get("content-encoding");
    if (!coding && [200, 206, 304, 404, 416].includes(status)) {
      return new Response(body && reading(body as Body, failing(signal)), {
        status,
        headers: pick(response.headers, TOLD),
      });
    }
    await body?.cancel();
    throw new HTTPException(502, {
      message: coding
        ? `Cannot read what is stored: its server sends it in ${coding}, which was not asked for`
        : `Cannot read what is stored: its server says ${status}`,
    });
  };
}

/** What is thrown when the server behind this one fails, unless it is given up. */
function failing(signal: AbortSignal): (cause: unknown) => never {
  return (cause) => {
    if (signal.aborted) throw signal.reason;
    const message = "Cannot read what is stored: its server does not give it";
    throw new HTTPException(502, { message, cause });
  };
}

type Body = ReadableStream<Bytes>;

/** The same bytes, with other errors. */
function reading(body: Body, fail: (cause: unknown) => never): Body {
  const reader = body.getReader();
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const { done, value } = await reader.read().catch(fail);
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

function pick(headers: Headers, names: readonly string[]): Headers {
  const picked = new Headers();
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) picked.set(name, value);
  }
  return picked;
}
