import type { Bytes } from "../types.ts";

/** Both ways of a compression, at once; without the first, it is only read. */
export interface DaskCompression {
  /**
   * Compresses.
   *
   * @param bytes The bytes.
   * @returns The compressed bytes, or `undefined` if the runtime cannot.
   */
  compress?(bytes: Bytes): Bytes | undefined;
  /**
   * Decompresses.
   *
   * @param bytes The compressed bytes.
   * @param limit The most bytes that may come out.
   * @param room Bytes that the memory should have that the result is at the beginning of: a hint, so that what comes after
   * need not be joined to a copy.
   * @returns The bytes.
   */
  decompress(bytes: Bytes, limit: number, room?: number): Bytes;
  /**
   * How many bytes come out.
   *
   * @param bytes The compressed bytes.
   * @returns What these say.
   */
  sizeOf?(bytes: Bytes): number;
}
