/**
 * Python's pickle, read without running anything of it, and written as Python writes it.
 *
 * @example There and back
 * ```ts
 * import { dumps, loads } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * deepEqual(loads(dumps({ salt: [1, 2.5, null] })), { salt: [1, 2.5, null] });
 * ```
 *
 * @module
 */
export { namedTupleClass } from "./classes/collections.ts";
export { enumClass } from "./classes/enum.ts";
export { exceptionClass } from "./classes/exceptions.ts";
export { defaultGlobals } from "./default_globals.ts";
export * from "./globals.ts";
export { loads } from "./loads.ts";
export type * from "./options.ts";
export * from "./values/mod.ts";
export { disassemble, type PickleInstruction } from "./disassemble.ts";
export { dumps } from "./dumps.ts";
export type { PickleWriterClass } from "./write_class.ts";
export type { PickleDumpOptions, PickleProtocol } from "./write_options.ts";
export { formatInstruction, type FormatInstructionOptions } from "./format.ts";
export { inspectPickle, type PickleVerdict } from "./verdict.ts";
export { pickle, type PickleFamilyOptions } from "./family.ts";
export type { PickleParserOptions } from "./parser.ts";

// The types that all of these are declared with, for whoever imports this module alone.
export type { FormatError, LimitError } from "../errors.ts";
export type * from "../registry_types.ts";
