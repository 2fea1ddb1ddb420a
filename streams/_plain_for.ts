import type { Format } from "./formats.ts";
import { plainBatches } from "./plain_batches.ts";

/** Values that may stand for Python's, ready to be written in a format: as they are, if it is one of Python's. */
export function plainFor(
  values: ReadableStream<readonly unknown[]>,
  { python, typed }: Format,
  lossy: boolean | undefined,
): ReadableStream<readonly unknown[]> {
  if (python) return values;
  // Those that keep all types have a use for typed arrays.
  const arrays = typed ? "typed" : "list";
  return values.pipeThrough(plainBatches({ arrays, lossy }));
}
