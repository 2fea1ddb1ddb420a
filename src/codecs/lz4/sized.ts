import { FormatError, LimitError, TruncatedError } from "../../errors.ts";
import type { Bytes } from "../../types.ts";
import { type Input, putU32, type Steps, u32 } from "../input.ts";
import { inPieces, readWhole } from "../whole.ts";
import { compressBlock, decompressBlock, lz4Bound, newTable } from "./block.ts";

/** The stage that both are part of. */
const STAGE = "lz4-block";
const HEADER = 4;

/** A length and one LZ4 block: what Python's `lz4.block.compress` gives, and Dask calls `lz4`. */
export function compressSized(bytes: Uint8Array): Bytes {
  const out = new Uint8Array(HEADER + lz4Bound(bytes.length));
  putU32(out, 0, bytes.length);
  const block = out.subarray(HEADER);
  const length = compressBlock(bytes, 0, bytes.length, newTable(), block);
  return out.slice(0, HEADER + length);
}

/** How many bytes come out, as the packed ones say. */
export function sizeOfSized(packed: Uint8Array): number {
  if (packed.length < HEADER) throw cut(packed);
  return u32(packed, 0);
}

/**
 * The same back.
 *
 * @param limit The most bytes that may come out.
 * @param room Bytes of the memory that the result is at the beginning of, if that is to be longer.
 */
export function decompressSized(
  packed: Uint8Array,
  limit: number,
  room = 0,
): Bytes {
  const length = sizeOfSized(packed);
  if (length > limit) {
    throw new LimitError(STAGE, "bytes", length, limit, { offset: 0 });
  }
  // A byte never stands for more than 255, so no length is believed that the input cannot make true.
  const possible = Math.min(length, 255 * packed.length);
  const memory = new ArrayBuffer(Math.max(possible, room));
  const out = new Uint8Array(memory, 0, possible);
  const end = decompressBlock(packed.subarray(HEADER), out, 0);
  if (typeof end !== "number") {
    if (end.isCut) throw cut(packed);
    throw new FormatError(STAGE, end.message, { offset: HEADER + end.at });
  }
  if (end < length) throw cut(packed);
  return out;
}

function cut({ length }: Uint8Array): TruncatedError {
  return new TruncatedError(STAGE, "the input ends too early", {
    offset: length,
  });
}

export function* writeSized(input: Input, limit: number): Steps {
  yield* inPieces(compressSized(yield* readWhole(input, limit)));
}

export function* readSized(input: Input, limit: number): Steps {
  yield* inPieces(decompressSized(yield* readWhole(input, limit), limit));
}
