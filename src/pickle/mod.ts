/**
 * Python's pickle, read without running anything of it, and written as Python writes it.
 *
 * @module
 */
export * from "./values/mod.ts";
