import { compressions } from "./compressions.ts";
import {
  daskFamily,
  errorFamily,
  msgpackFamily,
  pickleFamily,
} from "./families.ts";
import { DaskRegistry } from "./registry.ts";
import { addBytes } from "./types/bytes.ts";
import { addMasked } from "./types/masked.ts";
import { addNumpy } from "./types/numpy.ts";
import { addSparse } from "./types/sparse.ts";

/**
 * What is used where no other registry is given: Dask's families and compressions, and its types for byte strings, arrays of
 * Python, numpy, scipy and `sparse`, and Arrow's tables. What is registered without naming a registry is added to this.
 *
 * @example
 * ```ts
 * import { defaultDaskRegistry } from "@brine/brine/dask";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual([...defaultDaskRegistry.families.keys()], ["dask", "pickle", "msgpack", "error"]);
 * ```
 */
export const defaultDaskRegistry: DaskRegistry = new DaskRegistry();

const { families } = defaultDaskRegistry;
families.set("dask", daskFamily);
families.set("pickle", pickleFamily);
families.set("msgpack", msgpackFamily);
families.set("error", errorFamily);
for (const [name, compression] of compressions) {
  defaultDaskRegistry.compressions.set(name, compression);
}
addBytes(defaultDaskRegistry);
addNumpy(defaultDaskRegistry);
addMasked(defaultDaskRegistry);
addSparse(defaultDaskRegistry);
