/**
 * An HTTP server over the same pipelines: converts, inspects and verifies, streaming both ways; middleware for other apps; and a
 * client. It runs wherever there is `fetch`; {@linkcode serve} opens a port on Bun, Deno and Node.
 *
 * @example Convert NDJSON without a port
 * ```ts
 * import { createApp } from "@brine/brine/server";
 * import { equal } from "node:assert/strict";
 *
 * const app = createApp();
 * const response = await app.request("/convert?from=ndjson&to=json-array", {
 *   method: "POST",
 *   body: '{"id":1}\n{"id":2}\n',
 * });
 * equal(await response.text(), '[{"id":1},{"id":2}]');
 * ```
 *
 * @module
 */
export { createApp } from "./app.ts";
export { createClient } from "./client.ts";
export type * from "./client_types.ts";
export {
  type Brine,
  brine,
  type BrineEnv,
  type BrineOptions,
  type RespondOptions,
} from "./middleware.ts";
export type { ManyValues } from "./_batched.ts";
export type { DaskDatasets, ServerOptions } from "./options.ts";
export type { AccessEntry, AnswerEnd } from "./_exchange.ts";
export { serve, type Served, type ServeOptions } from "./serve.ts";

// The types that all of these are declared with, for whoever imports this module alone.
export type { CompressOptions } from "../../streams/compress.ts";
export type { FormatOptions } from "../../streams/formats.ts";
export type { MessagesOptions } from "../../streams/presets.ts";
export type { SerializeStreamOptions } from "../../streams/serialize.ts";
export type { Codec, Stage } from "../../streams/stage.ts";
export type * from "../registry_types.ts";
export type { FrameLimits } from "../wire/frames.ts";
