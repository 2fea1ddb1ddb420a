/**
 * For Deno Deploy, which runs what `deno serve` runs: this file is the entrypoint that `deno deploy` asks for. In a project of
 * your own, `deno add jsr:@brine/brine` comes first.
 *
 * ```sh
 * deno serve --allow-net examples/edge/deno.ts
 * deno deploy
 * ```
 */
import { app } from "./app.ts";

const entry: { fetch: typeof app.fetch } = { fetch: app.fetch };
export default entry;
