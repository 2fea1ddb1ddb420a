import type { Bytes } from "../types.ts";

/** Msgpack's numbers and the heads of what has a length, in bytes that grow as they are written. */
export class PackedBytes {
  bytes: Bytes = new Uint8Array(256);
  at = 0;
  protected view: DataView = new DataView(this.bytes.buffer);

  /** A count, in the short form if it is at most `few`, else in 16 or 32 bits. */
  head(count: number, few: number, short: number, long: number): void {
    this.reserve(5);
    if (count <= few) this.bytes[this.at++] = short | count;
    else if (count < 0x10000) this.sized(long, 2, count);
    else this.sized(long + 1, 4, count);
  }

  integer(value: number): void {
    this.reserve(9);
    if (value >= 0) {
      if (value < 0x80) this.bytes[this.at++] = value;
      else if (value < 0x100) this.sized(0xcc, 1, value);
      else if (value < 0x10000) this.sized(0xcd, 2, value);
      else if (value < 2 ** 32) this.sized(0xce, 4, value);
      else this.wide(0xcf, BigInt(value));
    } else if (value >= -32) this.bytes[this.at++] = value & 0xff;
    else if (value >= -0x80) this.sized(0xd0, 1, value & 0xff);
    else if (value >= -0x8000) this.sized(0xd1, 2, value & 0xffff);
    else if (value >= -(2 ** 31)) this.sized(0xd2, 4, value >>> 0);
    else this.wide(0xd3, BigInt(value));
  }

  float(value: number): void {
    this.reserve(9);
    this.bytes[this.at] = 0xcb;
    this.view.setFloat64(this.at + 1, value);
    this.at += 9;
  }

  byte(byte: number): void {
    this.reserve(1);
    this.bytes[this.at++] = byte;
  }

  sized(byte: number, width: 1 | 2 | 4, value: number): void {
    this.bytes[this.at++] = byte;
    if (width === 1) this.bytes[this.at] = value;
    else if (width === 2) this.view.setUint16(this.at, value);
    else this.view.setUint32(this.at, value);
    this.at += width;
  }

  wide(byte: number, value: bigint): void {
    this.bytes[this.at] = byte;
    this.view.setBigUint64(this.at + 1, BigInt.asUintN(64, value));
    this.at += 9;
  }

  reserve(length: number): void {
    const needed = this.at + length;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}
