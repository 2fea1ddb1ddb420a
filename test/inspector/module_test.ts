import { describe, test } from "bun:test";
import { doesNotMatch, equal, match, ok, throws } from "node:assert/strict";
import { Hono } from "hono";
import { assets, html, sources } from "../../src/inspector/assets.ts";
import { inspector } from "../../src/inspector/mod.ts";
import { sourceHash } from "../../src/inspector/page/build.ts";

/** What a page loads, from where it is. */
function linksOf(text: string, page: string): string[] {
  return [...text.matchAll(/(?:href|src|content)="(\.[^"]*)"/g)]
    .map(([, path]) => new URL(path!, page).pathname);
}

describe("the inspector's module", () => {
  test("has the page that its sources make: if not, run npm run build:inspector", () => {
    equal(sources, sourceHash());
  });

  for (const path of ["/", "/inspect", "/a/b/"]) {
    test(`can be mounted at ${path}, and finds its assets`, async () => {
      const app = new Hono();
      app.route(path, inspector());
      const response = await app.request(path);
      equal(response.status, 200);
      const links = linksOf(await response.text(), `http://localhost${path}`);
      equal(links.length, 4);
      for (const link of links) {
        equal((await app.request(link)).status, 200, link);
      }
    });
  }

  test("allows nothing but its own code", async () => {
    const response = await inspector().request("/");
    const policy = response.headers.get("content-security-policy")!;
    match(
      policy,
      /^default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'/,
    );
    doesNotMatch(policy, /unsafe/);
    const text = await response.text();
    doesNotMatch(
      text,
      /<script>|<style|style=|onload=|https?:\/\/(?!www\.w3\.org)/,
    );
  });

  test("names no other host, and makes no code of text", async () => {
    for (const name of Object.keys(assets)) {
      const text = await (await inspector().request(`/assets/${name}`)).text();
      doesNotMatch(text, /\beval\(|\bnew Function\(|import\("http/, name);
    }
  });

  test("sends assets gzipped to those who take that, and plain to others", async () => {
    const [name] = Object.keys(assets);
    const ask = (encoding: string) =>
      inspector().request(`/assets/${name}`, {
        headers: { "accept-encoding": encoding },
      });
    const gzipped = await ask("gzip, br");
    equal(gzipped.headers.get("content-encoding"), "gzip");
    match(gzipped.headers.get("cache-control")!, /immutable/);
    const plain = await ask("br");
    equal(plain.headers.get("content-encoding"), null);
    const unpacked = gzipped.body!.pipeThrough(new DecompressionStream("gzip"));
    equal(await new Response(unpacked).text(), await plain.text());
  });

  test("has no assets but its own", async () => {
    for (const name of ["constructor", "__proto__", "x.js", "..%2fmod.ts"]) {
      equal((await inspector().request(`/assets/${name}`)).status, 404, name);
    }
  });

  test("fetches from where it is told, and takes no other policy with that", async () => {
    const response = await inspector({ connect: "'self'" }).request("/");
    match(
      response.headers.get("content-security-policy")!,
      /connect-src 'self';/,
    );
    throws(() => inspector({ connect: "*; script-src *" }), TypeError);
  });

  test("is small at first, and loads the rest when it is needed", () => {
    const bytes = (name: string) => assets[name]!.gzip.length * 3 / 4;
    const names = Object.keys(assets);
    const first = names.filter((name) => html.includes(name)).reduce(
      (sum, name) => sum + bytes(name),
      0,
    );
    const all = names.reduce((sum, name) => sum + bytes(name), 0);
    ok(first < 90_000, `${first} at first`);
    // A quarter of that is the dictionary of brotli.
    ok(all < 300_000, `${all} in all`);
  });
});
