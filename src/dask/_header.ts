import { FormatError } from "../errors.ts";
import { told } from "../told.ts";
import type { DaskHeader } from "./values.ts";

const STAGE = "dask";

/** A list of a header. */
export function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new FormatError(STAGE, `${what} is not a list`);
}

/** A map of a header. */
export function mapOf(value: unknown, what: string): DaskHeader {
  if (
    typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Map) && !ArrayBuffer.isView(value)
  ) return value as DaskHeader;
  throw new FormatError(STAGE, `${what} is not a map`);
}

/** A count in a header. */
export function countOf(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) {
    return value;
  }
  throw new FormatError(STAGE, `${told(value)} is no count`);
}
