/**
 * For Cloudflare Workers; `wrangler.jsonc` beside this file is its configuration. In a project of your own,
 * `npm install @brine/brine` comes first.
 *
 * ```sh
 * npx wrangler dev --config examples/edge/wrangler.jsonc
 * npx wrangler deploy --config examples/edge/wrangler.jsonc
 * ```
 */
import { app } from "./app.ts";

const entry: { fetch: typeof app.fetch } = { fetch: app.fetch };
export default entry;
