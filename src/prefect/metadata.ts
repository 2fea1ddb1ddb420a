/**
 * What Prefect notes down about a result.
 *
 * @module
 */
import { FormatError } from "../errors.ts";
import { PyDateTime, PyTimeZone } from "../pickle/values/mod.ts";
import { parseUuid } from "./parse_text.ts";
import { dateTimeText, parseDateTime } from "./time_text.ts";

/** What Prefect notes down about a result, in its spelling and order. */
export interface ResultMetadata {
  /** Where the result is stored, or under which key. */
  readonly storage_key: string | null;
  /** The moment from which on it counts as missing, ISO 8601. */
  readonly expiration: string | null;
  /** The settings of the serializer. */
  readonly serializer: {
    readonly type: string;
    readonly [field: string]: unknown;
  };
  /** The version of Prefect that wrote it, `null` if that is not known. */
  readonly prefect_version: string | null;
  /** The storage block, if there is one. */
  readonly storage_block_id: string | null;
}

/** What is wanted of metadata, whoever wrote them. */
export type LooseMetadata = Readonly<Record<string, unknown>>;

/**
 * The metadata that an object holds; what is missing is what Prefect takes it for.
 *
 * @param complete Fills in the settings of a serializer.
 */
export function metadataFrom(
  given: LooseMetadata,
  complete: (
    config: ResultMetadata["serializer"],
  ) => ResultMetadata["serializer"],
): ResultMetadata {
  const { serializer = { type: "pickle" } } = given;
  if (typeof serializer !== "object" || serializer === null) {
    throw new FormatError("record", "the serializer is no object");
  }
  return {
    storage_key: textOf(given, "storage_key"),
    expiration: expirationText(given.expiration),
    serializer: complete(serializer as ResultMetadata["serializer"]),
    prefect_version: textOf(given, "prefect_version"),
    storage_block_id: blockText(given.storage_block_id),
  };
}

function textOf(given: LooseMetadata, name: string): string | null {
  const value = given[name] ?? null;
  if (value === null || typeof value === "string") return value;
  throw new FormatError("record", `${name} is no text`);
}

/** A storage block as Prefect writes it. */
export function blockText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  try {
    return parseUuid(value).text;
  } catch (cause) {
    throw new FormatError("record", "the storage block is no UUID", { cause });
  }
}

/** A moment as Prefect writes it: what has no zone is in UTC. */
export function expirationText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return expirationText(value.toISOString());
  try {
    const time = parseDateTime(value);
    return dateTimeText(
      time.tzinfo
        ? time
        : new PyDateTime({ ...time, tzinfo: new PyTimeZone(0) }),
    );
  } catch (cause) {
    throw new FormatError("record", "the expiration is no time", { cause });
  }
}

/** Whether a result counts as missing. */
export function isExpired(metadata: ResultMetadata, now: Date): boolean {
  const { expiration } = metadata;
  if (expiration === null) return false;
  const at = parseDateTime(expiration).toDate()!;
  return at.getTime() <= now.getTime();
}
