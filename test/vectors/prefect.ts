/**
 * Checks a file of golden vectors: that every blob and record of Prefect in it is read as the file says, or refused, and that
 * what is written for the same values is read the same, and where that is certain has the same bytes. With `--write`, what this
 * library writes is put into a file of the same format, for Python to check.
 *
 *     bun run vectors:prefect FILE [--write FILE]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { checks } from "./_check_prefect.ts";
import { main } from "./_main.ts";
import { written } from "./_write_prefect.ts";

const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));

await main(
  "vectors:prefect",
  "FILE",
  (file) => checks(read(file)),
  async (from, to) => {
    const vectors = read(from);
    const { prefect, records, failed } = await written(vectors);
    const { format, made_with } = vectors;
    writeFileSync(to, JSON.stringify({ format, made_with, prefect, records }));
    const text =
      `${prefect.length} blobs and ${records.length} records written`;
    return { count: prefect.length + records.length, failures: failed, text };
  },
);
