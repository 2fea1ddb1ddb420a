/**
 * Checks a file of golden vectors: that every pickle in it is read as the file says, or refused. With `--write`, what this
 * library writes for the same values is put into a file of the same format, for Python to check.
 *
 *     bun run vectors:pickle FILE [--write FILE]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { checks } from "./_check.ts";
import { main } from "./_main.ts";
import { written } from "./_write.ts";

const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));

await main(
  "vectors:pickle",
  "FILE",
  (file) => checks(read(file)),
  (from, to) => {
    const vectors = read(from);
    const { values, pickles, identical, failed } = written(vectors);
    const { format, made_with } = vectors;
    writeFileSync(to, JSON.stringify({ format, made_with, values }));
    const text =
      `${pickles} pickles written, ${identical} of them the same bytes`;
    return { count: pickles, failures: failed, text };
  },
);
