/** Four tables of 256: what a byte becomes once 0 to 3 zero bytes have followed it. */
const TABLES: Int32Array = (() => {
  const tables = new Int32Array(1024);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
    }
    tables[byte] = crc;
  }
  for (let i = 256; i < 1024; i++) {
    const crc = tables[i - 256]!;
    tables[i] = crc >>> 8 ^ tables[crc & 255]!;
  }
  return tables;
})();

/** The CRC-32C of bytes (Castagnoli), turned as snappy does, so that the checksum of data with checksums differs. */
export function maskedCrc32c(bytes: Uint8Array): number {
  let crc = -1;
  let i = 0;
  for (const end = bytes.length - 3; i < end; i += 4) {
    crc ^= bytes[i]! | bytes[i + 1]! << 8 | bytes[i + 2]! << 16 |
      bytes[i + 3]! << 24;
    crc = TABLES[768 + (crc & 255)]! ^ TABLES[512 + (crc >>> 8 & 255)]! ^
      TABLES[256 + (crc >>> 16 & 255)]! ^ TABLES[crc >>> 24]!;
  }
  for (; i < bytes.length; i++) {
    crc = crc >>> 8 ^ TABLES[(crc ^ bytes[i]!) & 255]!;
  }
  crc = ~crc;
  return (crc >>> 15 | crc << 17) + 0xa282ead8 >>> 0;
}
