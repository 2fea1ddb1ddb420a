import { addArrays } from "./classes/arrays.ts";
import { addBuiltins } from "./classes/builtins.ts";
import { addCloudpickle } from "./classes/cloudpickle.ts";
import { addCollections } from "./classes/collections.ts";
import { addCopyreg } from "./classes/copyreg.ts";
import { addDatetime } from "./classes/datetime.ts";
import { addExceptions } from "./classes/exceptions.ts";
import { addNumbers } from "./classes/numbers.ts";
import { addNumpy } from "./classes/numpy.ts";
import { addPandas } from "./classes/pandas.ts";
import { addPaths } from "./classes/paths.ts";
import { PickleGlobals } from "./globals.ts";

/**
 * The names that become values where no others are given: those of Python's library that hold data, of numpy and of
 * pandas. None of them does more than that; `new PickleGlobals(defaultGlobals)` begins a table of one's own.
 *
 * @example
 * ```ts
 * import { defaultGlobals } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(defaultGlobals.get("datetime", "date") !== undefined, true);
 * equal(defaultGlobals.get("os", "system"), undefined);
 * ```
 */
export const defaultGlobals: PickleGlobals = new PickleGlobals();
for (
  const add of [
    addArrays,
    addBuiltins,
    addCloudpickle,
    addCollections,
    addCopyreg,
    addDatetime,
    addExceptions,
    addNumbers,
    addNumpy,
    addPandas,
    addPaths,
  ]
) add(defaultGlobals);
