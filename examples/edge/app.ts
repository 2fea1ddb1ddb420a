/**
 * The server with limits that suit the edge, which all entries beside this file share. To try it without any of them:
 *
 * ```console
 * $ bun examples/edge/app.ts
 * 200 [{"id":1},{"id":2}]
 * ```
 */
import { createApp } from "@brine/brine/server";

const MiB = 2 ** 20;

export const app: ReturnType<typeof createApp> = createApp({
  // As much as Cloudflare takes on its smaller plans.
  maxBodyBytes: 100 * MiB,
  maxDecodedBytes: 1024 * MiB,
  // What is held at once: isolates have 128 MiB for everything.
  format: { maxMessageBytes: 8 * MiB, maxFrameBytes: 8 * MiB },
});

if (import.meta.main) {
  const response = await app.request("/convert?from=ndjson&to=json-array", {
    method: "POST",
    body: '{"id":1}\n{"id":2}\n',
  });
  console.log(response.status, await response.text());
}
