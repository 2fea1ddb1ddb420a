/** Four tables of 256: what a byte becomes once 0 to 3 zero bytes have followed it. */
const TABLES: Int32Array = (() => {
  const tables = new Int32Array(1024);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte << 24;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc < 0 ? crc << 1 ^ 0x04c11db7 : crc << 1;
    }
    tables[byte] = crc;
  }
  for (let i = 256; i < 1024; i++) {
    const crc = tables[i - 256]!;
    tables[i] = crc << 8 ^ tables[crc >>> 24]!;
  }
  return tables;
})();

/** The CRC-32 of bzip2: that of gzip, but highest bit first. Begins with -1, and is turned over at the end. */
export function crcHighFirst(bytes: Uint8Array, crc: number): number {
  let i = 0;
  for (const end = bytes.length - 3; i < end; i += 4) {
    crc ^= bytes[i]! << 24 | bytes[i + 1]! << 16 | bytes[i + 2]! << 8 |
      bytes[i + 3]!;
    crc = TABLES[768 + (crc >>> 24)]! ^ TABLES[512 + (crc >>> 16 & 255)]! ^
      TABLES[256 + (crc >>> 8 & 255)]! ^ TABLES[crc & 255]!;
  }
  for (; i < bytes.length; i++) {
    crc = crc << 8 ^ TABLES[crc >>> 24 ^ bytes[i]!]!;
  }
  return crc;
}

/** The checksum of a stream, with that of one more block. */
export function combine(whole: number, block: number): number {
  return (whole << 1 | whole >>> 31) ^ block;
}
