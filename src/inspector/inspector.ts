import { type Context, Hono } from "hono";
import { fromBase64 } from "../base64.ts";

/** Options for {@linkcode inspector}. */
export interface InspectorOptions {
  /**
   * From where the page may fetch what somebody pastes the URL of, as in the directive `connect-src` of a
   * Content-Security-Policy: `"'self'"` is only the site that serves it, `"'none'"` files only.
   *
   * @default {"*"}
   */
  readonly connect?: string;
}

/** What the page is made of, as `page/build.ts` writes it down. */
export interface InspectorAssets {
  readonly html: string;
  readonly assets: Readonly<
    Record<string, { readonly type: string; readonly gzip: string }>
  >;
}

/** The page may load and run what comes from here, and nothing else; what it fetches is all that can be chosen. */
function policy(connect: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** A year: what an asset is called changes with what is in it. */
const FOREVER = "public, max-age=31536000, immutable";

/** The page of some assets as an app; see `inspector` for the one that is built in. */
export function inspectorOf(
  { html, assets }: InspectorAssets,
  { connect = "*" }: InspectorOptions = {},
): Hono {
  if (/[;,\r\n]/.test(connect)) {
    throw new TypeError(
      "Cannot take these sources: they are no part of a policy",
    );
  }
  const headers = {
    "content-security-policy": policy(connect),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
  };
  const app = new Hono();
  app.get("/", (c) => {
    const page = html.replaceAll("{base}", baseOf(c.req.path));
    return c.html(page, 200, { ...headers, "cache-control": "no-cache" });
  });
  app.get("/assets/:name", (c) => {
    const asset = Object.hasOwn(assets, c.req.param("name"))
      ? assets[c.req.param("name")]
      : undefined;
    if (!asset) return c.notFound();
    return gzipped(c, asset.gzip, {
      ...headers,
      "content-type": asset.type,
      "cache-control": FOREVER,
      "vary": "accept-encoding",
    });
  });
  return app;
}

/** From where the page is to where its assets are, whether or not its path ends with a slash. */
function baseOf(path: string): string {
  return path.endsWith("/")
    ? "./"
    : `./${path.slice(path.lastIndexOf("/") + 1)}/`;
}

/** As it is for those who take it, which are all browsers; decompressed for others. */
function gzipped(
  c: Context,
  base64: string,
  headers: Record<string, string>,
): Response {
  const bytes = fromBase64(base64)!;
  if (/\bgzip\b/.test(c.req.header("accept-encoding") ?? "")) {
    const init = {
      headers: { ...headers, "content-encoding": "gzip" },
      // Cloudflare's workers would compress it once more.
      encodeBody: "manual",
    };
    return new Response(bytes, init);
  }
  const plain = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return new Response(plain, { headers });
}
