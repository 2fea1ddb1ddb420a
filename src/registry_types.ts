/**
 * The types that whatever takes a registry is declared with, for the modules that export no registry themselves.
 *
 * @module
 */
export type { Batch, Family, FamilyFunctions, ValueLimits } from "./family.ts";
export type { Registry, SerializeOptions } from "./registry.ts";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./schema.ts";
export type * from "./serialization.ts";
export type * from "./types.ts";
