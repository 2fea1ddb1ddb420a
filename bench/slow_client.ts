/**
 * A client that reads at 1 MB/s what the server could make at a hundred: how much the server reads ahead, and what it takes in
 * memory. NDJSON comes back as NDJSON, of the same length, so that what was posted and not read is all that is on its way: in the
 * server, and in the buffers of four sockets, which the system lets grow to some megabytes.
 *
 * ```sh
 * bun bench/slow_client.ts
 * deno run -A bench/slow_client.ts
 * bun build bench/slow_client.ts --target=node --outfile=slow.mjs && node slow.mjs
 * ```
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { serve } from "../src/server/mod.ts";

const RATE = 1e6;
const SECONDS = 15;

/** What the client tells at its end. */
interface Told {
  readonly status: number;
  readonly posted: number;
  readonly received: number;
  readonly early: number;
  readonly ahead: number;
}

const { Bun, Deno } = globalThis as { Bun?: unknown; Deno?: unknown };
const runtime = Bun ? "Bun" : Deno ? "Deno" : "Node";
const client = join(process.cwd(), "bench", "_slow_client.mjs");
if (!existsSync(client)) throw new Error("Run it in the repository's folder");

function readSlowly(url: string, seconds: number): Promise<Told> {
  const args = [client, url, String(RATE), String(seconds)];
  const child = spawn("node", args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout!.on("data", (chunk) => said += chunk);
  return new Promise((resolve, reject) => {
    child.once("close", () => {
      if (said) resolve(JSON.parse(said));
      else reject(new Error("The client ended without a word"));
    });
  });
}

const mega = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

const server = await serve({ maxBodyBytes: 2 ** 50, onError() {} });
for (const query of ["", "&compress=gzip"]) {
  const url = `${server.url}/convert?from=ndjson&to=ndjson${query}`;
  // What is loaded once, and what the runtime keeps from then on.
  await readSlowly(url, 2);
  const before = process.memoryUsage().rss;
  let peak = before;
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  const { status, posted, received, early, ahead } = await readSlowly(
    url,
    SECONDS,
  );
  clearInterval(look);
  // Compressed, it is not of the same length.
  const way = query === ""
    ? `on its way ${mega(early)} at half the time, ${mega(ahead)} at the end; `
    : "";
  console.log(
    `${runtime}, ${query || "plain"}: ${status}; in ${SECONDS} s posted ` +
      `${mega(posted)}, read ${mega(received)}; ${way}` +
      `RSS ${mega(before)}, ${mega(peak - before)} more at most`,
  );
}
await server.close();
process.exit();
