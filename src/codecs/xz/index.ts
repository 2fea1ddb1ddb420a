import { crc32 } from "../../crc32.ts";
import { putU32, u32 } from "../input.ts";
import { vliBytes } from "./vli.ts";

/** What is known of the blocks of a stream, in little memory however many there are: enough to check an index. */
export class BlockRecords {
  count = 0;
  #packed = 0;
  #plain = 0;
  #crc = 0;
  /** Bytes that the records take in an index. */
  size = 0;

  /**
   * @param packed Bytes of a block without its padding.
   * @param plain Bytes of what is in it.
   */
  add(packed: number, plain: number): void {
    const bytes = Uint8Array.from([...vliBytes(packed), ...vliBytes(plain)]);
    this.count++;
    this.#packed += packed;
    this.#plain += plain;
    this.#crc = crc32(bytes, this.#crc);
    this.size += bytes.length;
  }

  equals(other: BlockRecords): boolean {
    return this.count === other.count && this.#packed === other.#packed &&
      this.#plain === other.#plain && this.#crc === other.#crc &&
      this.size === other.size;
  }
}

export const HEADER_MAGIC: readonly number[] = [
  0xfd,
  0x37,
  0x7a,
  0x58,
  0x5a,
  0,
];
export const FOOTER_MAGIC: readonly number[] = [0x59, 0x5a];

/** Bytes, and their CRC-32 behind. */
export function withCrc(bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes.length + 4);
  whole.set(bytes);
  putU32(whole, bytes.length, crc32(whole.subarray(0, -4)));
  return whole;
}

/** Whether the CRC-32 of bytes stands behind them. */
export function hasCrc(whole: Uint8Array): boolean {
  const end = whole.length - 4;
  return crc32(whole.subarray(0, end)) === u32(whole, end);
}
