/**
 * For Node 20 and later, of which those before 22.18 want it as JavaScript:
 *
 * ```sh
 * npx bun build examples/edge/node.ts --target=node --outfile=server.mjs
 * PORT=8080 node server.mjs
 * ```
 */
import { serve } from "@hono/node-server";
import process from "node:process";
import { app } from "./app.ts";

serve({
  fetch: app.fetch,
  port: Number(process.env.PORT ?? 8080),
  // A large body takes its time; by default Node gives it five minutes.
  serverOptions: { requestTimeout: 0 },
}, ({ port }) => console.log(`http://localhost:${port}/`));
