import { nativeZlib } from "./native.ts";

/** The polynomial of gzip, zip and PNG, lowest bit first (RFC 1952, section 8). */
const POLYNOMIAL = 0xedb88320;

/**
 * The CRC-32 of bytes, as gzip, zip and PNG have it; with the checksum of what came before, that of the two together.
 * Node's own where there is one (8 to 9 GB/s on Bun and Deno), else eight bytes at a time from tables.
 *
 * @param value The checksum of the bytes before these.
 */
export function crc32(bytes: Uint8Array, value = 0): number {
  // Of a buffer of nothing, Node 20's own forgets what came before.
  if (bytes.length === 0) return value;
  const native = nativeZlib()?.crc32;
  return native ? native(bytes, value) : crc32Sliced(bytes, value);
}

let tables: readonly Int32Array[] | undefined;

/** Table `k` holds what a byte becomes once `k` zero bytes have followed it. */
function makeTables(): readonly Int32Array[] {
  const made = Array.from({ length: 8 }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    }
    made[0]![byte] = crc;
  }
  for (let k = 1; k < 8; k++) {
    for (let byte = 0; byte < 256; byte++) {
      const crc = made[k - 1]![byte]!;
      made[k]![byte] = (crc >>> 8) ^ made[0]![crc & 255]!;
    }
  }
  return made;
}

/** Slicing-by-8: eight look-ups for eight bytes, none of which waits for another. */
export function crc32Sliced(bytes: Uint8Array, value = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables ??= makeTables();
  let crc = ~value;
  let i = 0;
  for (const end = bytes.length - 7; i < end; i += 8) {
    const low = crc ^
      (bytes[i]! | bytes[i + 1]! << 8 | bytes[i + 2]! << 16 |
        bytes[i + 3]! << 24);
    crc = t7![low & 255]! ^ t6![low >>> 8 & 255]! ^
      t5![low >>> 16 & 255]! ^ t4![low >>> 24]! ^
      t3![bytes[i + 4]!]! ^ t2![bytes[i + 5]!]! ^
      t1![bytes[i + 6]!]! ^ t0![bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) {
    crc = (crc >>> 8) ^ t0![(crc ^ bytes[i]!) & 255]!;
  }
  return ~crc >>> 0;
}
