/**
 * A page that shows what is in a file: messages, types, codecs, sizes, values as trees, tables and plots, and what is broken,
 * and where. It decodes in the browser, with this library, in a worker: nothing is uploaded. It takes files of any size.
 *
 * @example The page in an app of one's own
 * ```ts
 * import { inspector } from "@brine/brine/inspector";
 * import { Hono } from "hono";
 * import { match } from "node:assert/strict";
 *
 * const app = new Hono().route("/inspect", inspector());
 * const response = await app.request("/inspect");
 * match(await response.text(), /<title>Brine inspector<\/title>/);
 * ```
 *
 * @module
 */
import type { Hono } from "hono";
import { assets, html } from "./assets.ts";
import { inspectorOf, type InspectorOptions } from "./inspector.ts";

export type { InspectorOptions };

/**
 * Hono's own class. Of the types behind it this package documents none.
 *
 * @internal
 */
type App = Hono;

/**
 * The inspector as a Hono app: mount it anywhere, or give its `fetch` to any runtime. It serves a page at `/` and, at
 * `/assets/`, what that loads, which is in this package already: it needs no bundler, no other host and no state. Its
 * Content-Security-Policy allows no code but its own.
 *
 * @param options From where it may fetch.
 * @returns The app.
 * @throws {TypeError} If `connect` is more than sources of a policy.
 *
 * @example
 * ```ts
 * import { inspector } from "@brine/brine/inspector";
 * import { equal, match } from "node:assert/strict";
 *
 * const app = inspector({ connect: "'self'" });
 * const response = await app.request("/");
 * equal(response.status, 200);
 * match(response.headers.get("content-security-policy")!, /default-src 'none'.*connect-src 'self'/);
 * ```
 */
export function inspector(options?: InspectorOptions): App {
  return inspectorOf({ assets, html }, options);
}
