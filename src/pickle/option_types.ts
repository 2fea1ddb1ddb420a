/**
 * The types that the options of reading and writing pickles are declared with, for the modules that export no pickle themselves.
 *
 * @module
 */
export type * from "./globals.ts";
export type * from "./options.ts";
export type { PyGlobal, PyObject } from "./values/object.ts";
export type { PickleWriterClass } from "./write_class.ts";
export type { PickleDumpOptions, PickleProtocol } from "./write_options.ts";
