import { FormatError } from "../../src/errors.ts";
import type { LooseMetadata } from "../../src/prefect/metadata.ts";
import type { RecordScanner } from "../../src/prefect/record_scanner.ts";
import type { Bytes } from "../../src/types.ts";

/**
 * How a result is stored: a record of Prefect 3; a blob of Prefect 2; a data document of Prefect 2.0; what the serializer wrote,
 * alone; metadata alone; or what the API of 3.0 holds.
 */
export type ResultFormat =
  | "record"
  | "blob"
  | "document"
  | "raw"
  | "metadata"
  | "state";

const FIRST =
  /^[ \t\r\n]*\{[ \t\r\n]*"(?:(?:metadata|serializer|result|data|encoding|blob|expiration|prefect_version|storage_key|serializer_type)"[ \t\r\n]*:|type"[ \t\r\n]*:[ \t\r\n]*"(?:reference|unpersisted|literal|unknown)")/;

/** Whether bytes begin as one of the formats that say what they are. */
export function formatOf(head: Bytes): "raw" | "described" {
  const text = new TextDecoder("latin1").decode(head.subarray(0, 1024));
  return FIRST.test(text) ? "described" : "raw";
}

/** The format of a record, and its metadata as far as it has them. */
export function settingsOf(
  { members, body }: RecordScanner,
): { format: ResultFormat; metadata: LooseMetadata } {
  const all = Object.fromEntries(members);
  if (body === "blob" || members.has("encoding")) {
    return {
      format: "document",
      metadata: { serializer: ofEncoding(all.encoding) },
    };
  }
  if (body === undefined) {
    if (members.has("storage_key") && !members.has("serializer_type")) {
      return { format: "metadata", metadata: all };
    }
    if (!members.has("type")) {
      throw new FormatError("record", "it has no result");
    }
    const type = all.serializer_type;
    const serializer = typeof type === "string" ? { type } : undefined;
    return { format: "state", metadata: { ...all, serializer } };
  }
  const { metadata = {} } = all;
  if (
    typeof metadata !== "object" || metadata === null || Array.isArray(metadata)
  ) {
    throw new FormatError("record", "its metadata are no object");
  }
  const old: Record<string, unknown> = {};
  for (const name of ["expiration", "serializer", "prefect_version"]) {
    if (members.has(name)) old[name] = all[name];
  }
  return {
    format: body === "data" && !members.has("metadata") ? "blob" : "record",
    metadata: { ...metadata, ...old },
  };
}

function ofEncoding(encoding: unknown): LooseMetadata {
  if (encoding === "cloudpickle") return { type: "pickle" };
  if (encoding === "json") {
    return { type: "json", object_encoder: null, object_decoder: null };
  }
  if (typeof encoding === "string") return { type: encoding };
  throw new FormatError("record", "its encoding is no text");
}
