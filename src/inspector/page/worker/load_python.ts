import type * as Python from "./python.ts";

/** What reads and shows Python's values, which is loaded when there are some. */
export async function loadPython(): Promise<typeof Python> {
  const python = await import("./python.ts");
  // That it was loaded is not enough: a bundler leaves out what nobody calls.
  python.know();
  return python;
}
