import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { describe, test } from "bun:test";
import { outcomeOf, runtimes, start } from "../cli/_run.ts";
import { counted, drain, until, utf8 } from "./_helpers.ts";

const LINES = utf8('{"id":1234567}\n'.repeat(4_369));

/** The first line that a process writes: where it listens. */
function urlOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.trim());
    });
    child.once("close", () => reject(new Error("it ended")));
  });
}

for (const runtime of runtimes) {
  describe(`brine serve on ${runtime.name}`, () => {
    test("serves, and ends when what is under way has ended", async () => {
      const folder = await mkdtemp(join(tmpdir(), "serve-"));
      await writeFile(join(folder, "a.txt"), "0123456789");
      const args = ["--port=0", "--metrics", "--log", `--files=${folder}`];
      const child = start(runtime, ["serve", ...args], { BRINE_TOKEN: "t" });
      const ended = outcomeOf(child);
      const url = await urlOf(child);
      const headers = { authorization: "Bearer t" };

      const page = await fetch(`${url}/`);
      match(page.headers.get("content-type")!, /^text\/html/);
      match(page.headers.get("content-security-policy")!, /script-src 'self'/);
      const html = await page.text();
      const [, script] = /(?:src|href)="([^":]+\.(?:js|css))"/.exec(html)!;
      const asset = await fetch(new URL(script!, `${url}/`));
      equal(asset.status, 200);
      await asset.body!.cancel();

      equal((await fetch(`${url}/metrics`)).status, 401);
      const metrics = await fetch(`${url}/metrics`, { headers });
      match(await metrics.text(), /brine_requests_total/);
      const file = await fetch(`${url}/files/a.txt`, {
        headers: { ...headers, range: "bytes=4-" },
      });
      equal(file.status, 206);
      equal(await file.text(), "456789");

      let end!: () => void;
      const ending = new Promise<undefined>((resolve) =>
        end = () => resolve(undefined)
      );
      const source = counted((i) => i < 40 ? LINES : ending);
      const response = await fetch(
        `${url}/convert?from=ndjson&to=ndjson`,
        {
          method: "POST",
          headers,
          body: source.stream,
          duplex: "half",
        } as RequestInit,
      );
      const reading = drain(response.body as never);
      await until(() => source.pulled > 40);
      // Not by the child, which Deno then takes to have died of it.
      process.kill(child.pid!, "SIGTERM");
      end();
      const { text, error } = await reading;
      equal(error, undefined);
      equal(text.length, 40 * LINES.length);

      const { code, stderr } = await ended;
      equal(code, 0);
      const entries = stderr.trim().split("\n").map((line) => JSON.parse(line));
      const last = entries.at(-1)!;
      deepEqual(
        [last.path, last.status, last.end, last.received, last.sent],
        ["/convert", 200, "whole", text.length, text.length],
      );
      ok(entries.every(({ id }) => id));
      await rm(folder, { recursive: true });
    }, 60_000);
  });
}
