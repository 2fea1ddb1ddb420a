/// <reference lib="dom" />
import {
  detectBytes,
  type Detected,
  detectName,
} from "../../../../streams/detect.ts";
import type { Codec } from "../../../../streams/stage.ts";
import type { Bytes } from "../../../types.ts";
import { LIMITS } from "./next_message.ts";

/** What an input looks like. */
export interface Looks {
  /** The name of a format of the library, or of Python. */
  readonly format: string | undefined;
  readonly codec: Codec | undefined;
}

/** Bytes at the beginning that are looked at. */
export const HEAD_BYTES: number = 64 << 10;

const BRACE = 123;

/** What bytes are, by how they begin and what they are called. */
export function looksLike(
  head: Bytes,
  name: string,
  size: number | undefined,
): Looks {
  const python = pythonFormat(head, size);
  if (python) return { format: python, codec: undefined };
  const { codec, format } = detectBytes(head);
  if (codec && !isUnsure(codec, head, name)) {
    return { format: undefined, codec };
  }
  const told = detectName(name);
  // Too short an ending for the command line, but usual.
  const named = /\.p$/i.test(name) ? "pickle" : pythonName(told);
  if (format && format.name !== "ndjson") {
    return { format: format.name, codec: undefined };
  }
  if (named) return { format: named, codec: undefined };
  if (format && isDocument(head, size)) {
    return { format: "json", codec: undefined };
  }
  if (!format && told.codec && told.codec.name === "brotli") {
    return { format: undefined, codec: told.codec };
  }
  return { format: format?.name ?? told.format?.name, codec: undefined };
}

/** Two bytes are little to go by: what deflate begins with, text may, too. */
function isUnsure(codec: Codec, head: Bytes, name: string): boolean {
  if (codec.name !== "deflate" || detectName(name).codec) return false;
  return head.subarray(0, 64).every((byte) => byte >= 9 && byte < 127);
}

function pythonName({ codec, format }: Detected): string | undefined {
  return format?.python && !codec ? format.name : undefined;
}

/** What only this page reads, or tells more surely, since it knows the size. */
function pythonFormat(
  head: Bytes,
  size: number | undefined,
): string | undefined {
  if (head[0] === BRACE) {
    const text = new TextDecoder("latin1").decode(head.subarray(0, 4096));
    if (
      /^\s*\{\s*"metadata"\s*:\s*\{/.test(text) && text.includes('"serializer"')
    ) return "prefect";
    if (
      /^\s*\{\s*"(serializer|prefect_version)"\s*:/.test(text) &&
      /"(data|blob|result|storage_key)"/.test(text)
    ) {
      return "prefect";
    }
  }
  return isDask(head, size) ? "dask" : undefined;
}

/** Frames, with their lengths in front, that come to just as many bytes as there are, and no checksum of ours. */
function isDask(head: Bytes, size: number | undefined): boolean {
  if (size === undefined || head.length < 16) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const n = Number(view.getBigUint64(0, true));
  if (n < 1 || n > 8_000 || 8 * (1 + n) > head.length) return false;
  let sum = 8 * (1 + n);
  for (let i = 1; i <= n; i++) sum += Number(view.getBigUint64(8 * i, true));
  return sum === size;
}

/** Whether text that begins like a line of JSON is one document on several lines. */
function isDocument(head: Bytes, size: number | undefined): boolean {
  const lines = new TextDecoder().decode(head).trimStart().split("\n").slice(
    0,
    -1,
  );
  const isValue = (line: string) => {
    try {
      return typeof JSON.parse(line) === "object";
    } catch {
      return false;
    }
  };
  return lines.length > 0 && !lines.slice(0, 20).some(isValue) &&
    (size === undefined || size <= LIMITS.maxMessageBytes);
}
