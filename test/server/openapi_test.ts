import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { describe, test } from "bun:test";
import { formats } from "../../mod.ts";
import { createApp } from "../../src/server/mod.ts";
import { post } from "./_helpers.ts";

const app = createApp({
  metrics: true,
  files: ".",
  prefect: ".",
  token: "t",
  dask: () => Promise.reject(new Error("not needed")),
});
// deno-lint-ignore no-explicit-any
const document = async (): Promise<any> =>
  await (await app.request("/openapi.json")).json();

describe("GET /openapi.json", () => {
  test("has every route that there is", async () => {
    const { openapi, paths, security } = await document();
    match(openapi, /^3\.1\./);
    deepEqual(security, [{ token: [] }]);
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method} ${path}`)
    );
    const routes = app.routes.filter(({ path, method }) =>
      method !== "ALL" && !["/docs", "/openapi.json"].includes(path)
    ).map(({ method, path }) =>
      `${method.toLowerCase()} ${path.replace(/:(\w+)/, "{$1}")}`
    );
    deepEqual(documented.sort(), [...new Set(routes)].sort());
  });

  test("and what the schema of a query says, which is what is checked", async () => {
    const { paths } = await document();
    const { parameters } = paths["/convert"].post;
    deepEqual(
      parameters.map(({ name }: { name: string }) => name),
      ["from", "to", "compress", "path", "lossy"],
    );
    deepEqual(parameters[0].schema.enum, formats.map(({ name }) => name));
    const open = createApp();
    for (const { name, schema } of parameters) {
      for (const value of schema.enum ?? []) {
        const query = new URLSearchParams({ from: "ndjson", to: "json" });
        query.set(name, value);
        const { status } = await post(open, `/convert?${query}`, "1\n");
        ok([200, 400, 422].includes(status), `${name}=${value}: ${status}`);
      }
    }
  });

  test("tells what needs no token, and every answer of a route", async () => {
    const { paths, servers } = await document();
    deepEqual(servers, [{ url: "." }]);
    deepEqual(paths["/health"].get.security, []);
    equal(paths["/convert"].post.security, undefined);
    const statusesOf = (path: string) =>
      Object.keys(paths[path].get.responses).map(Number);
    const kept = [401, 404, 408, 502, 503];
    for (const status of [200, 206, 304, 416, ...kept]) {
      ok(statusesOf("/files/{key}").includes(status), `${status}`);
    }
    for (const status of [200, 413, 415, 422, ...kept]) {
      ok(statusesOf("/prefect/{key}").includes(status), `${status}`);
      ok(statusesOf("/dask/{name}").includes(status), `${status}`);
    }
  });

  test("refers to nothing that is not in it", async () => {
    const all = await document();
    const text = JSON.stringify(all);
    for (const [, path] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      let place = all;
      for (const name of path!.split("/")) place = place[name];
      ok(place, path!);
    }
    ok(all.paths["/convert"].post.requestBody.required);
  });

  test("can be left out", async () => {
    const without = createApp({ docs: false });
    equal((await without.request("/openapi.json")).status, 404);
    equal((await without.request("/docs")).status, 404);
  });
});

describe("GET /docs", () => {
  test("is a page without scripts, that loads nothing", async () => {
    const response = await app.request("/docs");
    match(response.headers.get("content-type")!, /^text\/html/);
    const policy = response.headers.get("content-security-policy")!;
    match(policy, /^default-src 'none'; style-src 'sha256-[^']+';/);
    const text = await response.text();
    doesNotMatch(text, /<script|<img|<link|src=|https?:/);
    for (const path of Object.keys((await document()).paths)) {
      ok(text.includes(path), path);
    }
    const [, style] = /<style>([^]*)<\/style>/.exec(text)!;
    const digest = await crypto.subtle.digest(
      "SHA-256",
      new TextEncoder().encode(style),
    );
    const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
    ok(policy.includes(hash), "the style is the one that the policy allows");
  });
});
