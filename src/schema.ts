/**
 * Schemas: {@link https://standardschema.dev Standard Schema v1}, which zod, valibot, arktype and others speak.
 *
 * @module
 */
import { pathOf, type Step } from "./tree/path.ts";

/** Anything with the property `~standard`: a schema of nearly any library. */
export interface StandardSchema<Out = unknown> {
  /** What the standard asks for. */
  readonly "~standard": {
    /** The version of the standard: 1. */
    readonly version: 1;
    /** The library. */
    readonly vendor: string;
    /** Checks a value. */
    readonly validate: (
      value: unknown,
    ) => SchemaResult<Out> | Promise<SchemaResult<Out>>;
    /** For the compiler only. */
    readonly types?:
      | { readonly input: unknown; readonly output: Out }
      | undefined;
  };
}

/** What a schema says of a value: the value, or what is wrong with it. */
export type SchemaResult<Out> =
  | { readonly value: Out; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  /** What is wrong. */
  readonly message: string;
  /** Where: keys, or objects with a key. */
  readonly path?:
    | readonly (PropertyKey | { readonly key: PropertyKey })[]
    | undefined;
}

/** What is wrong with a value, in one line, and the path of the first of it. */
export function describe(
  issues: readonly SchemaIssue[],
): { message: string; path: string } {
  const lines = issues.slice(0, 5).map((issue) =>
    `${issue.message} at ${pathOfIssue(issue)}`
  );
  if (issues.length > 5) lines.push(`and ${issues.length - 5} more`);
  const [first] = issues;
  return { message: lines.join("; "), path: first ? pathOfIssue(first) : "$" };
}

function pathOfIssue({ path = [] }: SchemaIssue): string {
  let step: Step | undefined;
  for (const part of path) {
    const key = typeof part === "object" ? part.key : part;
    step = { up: step, key: typeof key === "number" ? key : String(key) };
  }
  return pathOf(step);
}
