/**
 * Checks a set of golden vectors in the format `dask-vectors/1`: that each is read as it says, or refused. With `--write`, what
 * this library writes for the same values is put into a set of the same format, for Python to check.
 *
 *     bun run vectors:dask FOLDER [--write FOLDER]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { checks } from "./_dask_check.ts";
import { written } from "./_dask_write.ts";
import { main } from "./_main.ts";

await main("vectors:dask", "FOLDER", checks, (from, to) => {
  const { vectors, failures } = written(from);
  mkdirSync(to, { recursive: true });
  const set = {
    format: "dask-vectors/1",
    generator: { library: "brine" },
    vectors,
  };
  writeFileSync(`${to}/vectors.json`, JSON.stringify(set));
  return {
    count: vectors.length,
    failures,
    text: `${vectors.length} vectors written`,
  };
});
