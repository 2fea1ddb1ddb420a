import type { Bytes } from "../types.ts";

/** Little-endian, as every length of the wire. */
export function writeU64(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value % 2 ** 32, true);
  view.setUint32(offset + 4, Math.floor(value / 2 ** 32), true);
}

/** Numbers beyond 2^53 lose their last bits here, which no limit lets through anyway. */
export function readU64s(bytes: Bytes): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from(
    { length: bytes.length / 8 },
    (_, i) =>
      view.getUint32(8 * i, true) + view.getUint32(8 * i + 4, true) * 2 ** 32,
  );
}
