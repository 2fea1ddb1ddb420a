/**
 * Counts the records of an NDJSON file of any size by their status, in constant memory.
 *
 * ```console
 * $ bun examples/make_records.ts 5MB records.ndjson
 * $ bun examples/count_ndjson.ts records.ndjson
 * 200  5905
 * 201  1959
 * 204  1976
 * 301  1940
 * 404  1924
 * 500  1986
 * ```
 */
import { openAsBlob } from "node:fs";
import process from "node:process";
import { type Bytes, ndjsonBatches } from "@brine/brine";

const [path = "records.ndjson"] = process.argv.slice(2);
const file = await openAsBlob(path);
const bytes = file.stream() as ReadableStream<Bytes>;

const counts = new Map<number, number>();
for await (const batch of bytes.pipeThrough(ndjsonBatches().decoder())) {
  for (const { status } of batch as readonly { status: number }[]) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
}
for (const [status, count] of [...counts].sort(([a], [b]) => a - b)) {
  console.log(`${status}  ${count}`);
}
