/**
 * A worker of nothing but what it needs: NDJSON comes in, typed and checked brine goes out, as it comes.
 *
 * ```sh
 * npx wrangler dev examples/edge/small_worker.ts --compatibility-date=2026-10-01
 * ```
 */
import { type Bytes, messages, ndjson } from "@brine/brine";

/** A date in place of its text, as JSON has it. */
const dated = (): TransformStream<unknown, unknown> =>
  new TransformStream({
    transform(value, controller) {
      const reading = value as { at: string };
      controller.enqueue({ ...reading, at: new Date(reading.at) });
    },
  });

const entry: { fetch(request: Request): Response } = {
  fetch({ method, body }) {
    if (method !== "POST" || !body) {
      return new Response("POST NDJSON\n", { status: 405 });
    }
    const readings = (body as ReadableStream<Bytes>)
      .pipeThrough(ndjson().decoder())
      .pipeThrough(dated())
      .pipeThrough(messages().encoder());
    const headers = { "content-type": "application/vnd.brine" };
    return new Response(readings, { headers });
  },
};
export default entry;
