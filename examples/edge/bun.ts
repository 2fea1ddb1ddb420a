/**
 * For Bun.
 *
 * ```sh
 * PORT=8080 bun examples/edge/bun.ts
 * ```
 */
import process from "node:process";
import { app } from "./app.ts";

interface Entry {
  readonly fetch: typeof app.fetch;
  readonly port: number;
  readonly maxRequestBodySize: number;
  readonly idleTimeout: number;
}

const entry: Entry = {
  fetch: app.fetch,
  port: Number(process.env.PORT ?? 8080),
  // The app has its own limit, and says in JSON what is wrong.
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  // Seconds without a byte either way; by default Bun gives up after ten.
  idleTimeout: 255,
};
export default entry;
