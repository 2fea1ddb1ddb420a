/**
 * Writes NDJSON of any size: records of a log, about 300 bytes each, always the same.
 *
 * ```sh
 * bun examples/make_records.ts 100MB records.ndjson
 * deno run -A examples/make_records.ts 1GB > records.ndjson
 * ```
 */
import process from "node:process";
import { openOutput } from "../src/cli/files.ts";
import { recordAt } from "../src/cli/records.ts";

const UNITS = new Map([["B", 1], ["kB", 1e3], ["MB", 1e6], ["GB", 1e9]]);
const CHUNK_CHARS = 64 * 1024;

const [size = "", output = "-"] = process.argv.slice(2);
const [, number, unit = "B"] = size.match(/^(\d+(?:\.\d+)?)(\w+)?$/) ?? [];
const bytes = Number(number) * (UNITS.get(unit) ?? NaN);
if (Number.isNaN(bytes)) {
  console.error(
    "usage: make_records.ts SIZE [OUT], as in: 100MB records.ndjson",
  );
  process.exit(2);
}
await records(bytes).pipeTo(await openOutput(output));
process.exit(0);

/** Whole records, until there are at least as many bytes. */
function records(bytes: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let id = 0;
  let written = 0;
  return new ReadableStream({
    pull(controller) {
      let text = "";
      while (text.length < CHUNK_CHARS && written + text.length < bytes) {
        text += `${JSON.stringify(recordAt(id++))}\n`;
      }
      const chunk = encoder.encode(text);
      written += chunk.length;
      if (chunk.length > 0) controller.enqueue(chunk);
      if (written >= bytes) controller.close();
    },
  }, { highWaterMark: 0 });
}
