/** The golden vectors: what Python has written is read as it is meant, and what is written for it is the same. */
import { checks as pickleChecks } from "../vectors/_check.ts";
import { checks as prefectChecks } from "../vectors/_check_prefect.ts";
import { checks as daskChecks } from "../vectors/_dask_check.ts";
import type { Check } from "./_checks.ts";
import { embedded } from "./_embedded.ts";

interface Vector {
  readonly name: string;
  run(): void | Promise<void>;
}

/** All of a set, of which a failure tells how many there were. */
function set(
  group: string,
  name: string,
  vectors: () => Iterable<Vector>,
): Check {
  const run = async () => {
    let count = 0;
    const failures: string[] = [];
    for (const { name, run } of vectors()) {
      count++;
      try {
        await run();
      } catch (error) {
        const { message } = error as Error;
        // How long it takes is for the tests of pickles to say, which run alone.
        if (!/^it took \d+ ms$/.test(message)) {
          failures.push(`${name}: ${message}`);
        }
      }
    }
    if (failures.length > 0) {
      const some = failures.slice(0, 5).join("; ").slice(0, 2_000);
      throw new Error(`${failures.length} of ${count}: ${some}`);
    }
    return count;
  };
  return { group, name, run };
}

const PICKLES = ["values", "cloudpickle", "opcodes", "bad_pickles", "hostile"];

function pickles(path: string): Check[] {
  const vectors = JSON.parse(embedded[path]!);
  const file = path.replace(/^pickle\/|\.json$/g, "").replaceAll("_", " ");
  return PICKLES.filter((list) => vectors[list]).map((list) => {
    const { made_with } = vectors;
    const name = `${file}: ${list.replace("_", " ")}`;
    return set(
      "pickle",
      name,
      () => pickleChecks({ made_with, [list]: vectors[list] }),
    );
  });
}

/** Vectors of pickle, Dask and Prefect. */
export const checks: readonly Check[] = Object.keys(embedded).flatMap(
  (path) => {
    if (path.startsWith("pickle/")) return pickles(path);
    if (path.startsWith("prefect/")) {
      const vectors = JSON.parse(embedded[path]!);
      return [
        set("prefect", "blobs and records", () => prefectChecks(vectors)),
      ];
    }
    if (!path.endsWith("/vectors.json")) return [];
    const folder = path.slice(0, path.lastIndexOf("/"));
    const name = folder.slice("dask/".length);
    return [set("dask", name, () => daskChecks(folder))];
  },
);
