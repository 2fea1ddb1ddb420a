import type { Family } from "../../../family.ts";

let real: Family | undefined;

/** Has the family of pickles work from now on. */
export function hold(family: Family): void {
  real = family;
}

/**
 * Stands for the family of pickles where the library registers it, so that nothing of Python is loaded before there is
 * something of it: what reads one has to load `python.ts` first.
 */
export function pickle(): Family {
  const loaded = () => {
    if (real) return real;
    throw new TypeError("the reader of pickles is not loaded");
  };
  return {
    name: "pickle",
    batch: (registry) => loaded().batch(registry),
    deserialize: (...args) => loaded().deserialize(...args),
  };
}
